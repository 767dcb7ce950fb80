import type { ClientState } from "../client/index.ts";
import pages from "../pages/pages.json" with { type: "json" };

const STATES: Record<ClientState, { word: string; shape: string; hint: string }> = {
  connecting: {
    word: "Connecting",
    shape: "M8 2a6 6 0 1 1-6 6",
    hint: "The page is reaching for the live stream.",
  },
  "catching-up": {
    word: "Catching up",
    shape: "M3 4l4 4-4 4M8.5 4l4 4-4 4",
    hint: "Connected; what was missed is on its way.",
  },
  live: {
    word: "Live",
    shape: "M8 3a5 5 0 1 1 0 10a5 5 0 1 1 0-10z",
    hint: "Connected; everything is shown as it happens.",
  },
  silent: {
    word: "Silent, trying again",
    shape: "M4 3v10M12 3v10",
    hint: "Nothing has come from the playground for a while, so what stands here is old. The page connects anew by itself.",
  },
  offline: {
    word: "Offline, trying again",
    shape: "M3 3l10 10M13 3L3 13",
    hint: "The connection is gone. The page resumes by itself, and nothing will be missing.",
  },
};

/** The same on every page: where one is, where else one can go, and how the connection is. */
export function Header({ state, current }: { state: ClientState; current: string }) {
  return (
    <header class="top">
      <a class="brand" href="/live">
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M4 4v16M4 8h4v6H2V8h2M12 2v20M10 6h4v9h-4zM20 5v14M18 9h4v7h-4z" />
        </svg>
        <span>trading-playground</span>
      </a>
      <nav aria-label="Pages">
        <PageLinks current={current} />
        <a href="/account">Account</a>
        <a href="/docs" class="api-link">
          API
        </a>
      </nav>
      <ConnectionLight state={state} />
    </header>
  );
}

/** The way to each of the boards. */
export function PageLinks({ current }: { current?: string }) {
  return pages.flatMap(({ name, nav }) =>
    nav === undefined
      ? []
      : [
          <a key={name} href={`/${name}`} aria-current={name === current ? "page" : undefined}>
            {nav}
          </a>,
        ],
  );
}

function ConnectionLight({ state }: { state: ClientState }) {
  const { word, shape, hint } = STATES[state];
  return (
    <p class={`light ${state}`} role="status" title={hint}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={shape} />
      </svg>
      {word}
    </p>
  );
}
