const GOOD: ReadonlyArray<readonly [number, string]> = [
  [3, "🚀 🌕 🌝 📈 🐂 💎 🤑 🏆 🎉 🥳"],
  [
    2,
    "🙌 💪 🔥 🟢 💚 ✅ 😍 🥰 😎 🤩 💰 👏 👍 ❤ 😁 😊 ☺ 😄 😃 😀 🙏 🫡 💯 🐋 👑 🌙 ⬆ 🔼 🎯 🙂 🍾 🎊 💙 🧡 💜 🤝 🏅 ⭐ 🌟",
  ],
];
const BAD: ReadonlyArray<readonly [number, string]> = [
  [3, "📉 💀 🐻 🩸 🤡 😡 🤬 ☠ 🪦 ⚰"],
  [
    2,
    "🔴 🔻 ❌ 😭 😢 😔 😞 😩 😫 😖 😠 🤦 😬 😱 😰 😨 🤮 🤢 💩 👎 ⚠ 🚨 💔 🥲 😿 ⬇ 🔽 🧻 😒 🙄 😤 😕 🙁 ☹ 😟 😓 🗑 🆘",
  ],
];

/** The plain faces of laughter take the text's own side. */
const FACES: Record<string, number> = {
  "face-happy": 2,
  "face-sad": -2,
  "+pct-1": 0.4,
  "+pct-2": 2,
  "+pct-3": 3,
};

/**
 * Weights of emojis, emoticons and signed moves under keys of our own: the sentiment package writes its own
 * emoji weights over a registered language's, and holds a falling chart for good news.
 */
export const EMOJI_WEIGHTS: Readonly<Record<string, number>> = {
  ...FACES,
  "-pct-1": -0.4,
  "-pct-2": -2,
  "-pct-3": -3,
  "+amount": 2,
  "-amount": -2,
  multiple: 0.5,
  ...weigh(GOOD, 1),
  ...weigh(BAD, -1),
};

function weigh(groups: ReadonlyArray<readonly [number, string]>, side: 1 | -1): Record<string, number> {
  const entries = groups.flatMap(([weight, emojis]) =>
    emojis.split(" ").map((emoji) => [`emoji-${emoji.codePointAt(0)?.toString(16)}`, weight * side] as const),
  );
  return Object.fromEntries(entries);
}
