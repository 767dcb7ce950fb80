import { useNow } from "./clock.ts";
import { absoluteTime, relativeTime, signed } from "./format.ts";
import { modelMark } from "./model-mark.ts";

/** A model's name with its mark. */
export function ModelName({ model }: { model: string }) {
  return (
    <span class="model" title={model}>
      <Mark model={model} />
      <span class="model-name">{model}</span>
    </span>
  );
}

export function Mark({ model }: { model: string }) {
  const { colour, shape } = modelMark(model);
  return (
    <svg class={`mark ${colour}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={shape} />
    </svg>
  );
}

/** A gain or loss: colour, sign and arrow say the same thing. */
export function Change({ value, format }: { value: number; format?: (value: number) => string }) {
  const kind = value > 0 ? "gain" : value < 0 ? "loss" : "even";
  return (
    <span class={`change ${kind}`}>
      {value !== 0 && (
        <span class="arrow" aria-hidden="true">
          {value > 0 ? "▲" : "▼"}
        </span>
      )}
      {signed(value, format)}
    </span>
  );
}

/** How long ago something was; the full time is in the title. `inSentence` adds the word "ago". */
export function Moment({ at, inSentence = false }: { at: string; inSentence?: boolean }) {
  const text = relativeTime(at, useNow());
  return (
    <time dateTime={at} title={absoluteTime(at)}>
      {inSentence && /^\d/.test(text) ? `${text} ago` : text}
    </time>
  );
}
