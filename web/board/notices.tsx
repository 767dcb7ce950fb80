import { useState } from "preact/hooks";
import type { Trouble } from "./rest.ts";

/** What is wrong and what to do about it. Stays in place above what is still on the screen. */
export function TroubleNotice({ trouble, what }: { trouble: Trouble | undefined; what: string }) {
  if (trouble === undefined) return null;
  return (
    <p class="notice" role="alert">
      <b>{what} could not be loaded.</b> {trouble.sentence}{" "}
      {trouble.retrying
        ? "The page keeps trying; if this stays, see that the server runs and answers at /readyz."
        : "Change the filters, or reload the page."}
    </p>
  );
}

/** The service does not want this page's stream at all. */
export function RefusedNotice({ sentence }: { sentence: string | undefined }) {
  if (sentence === undefined) return null;
  return (
    <p class="notice" role="alert">
      <b>The live stream was refused.</b> {sentence} What stands here no longer changes; reload the page to
      try again.
    </p>
  );
}

/** A board without content yet, with the command that gives it some. */
export function EmptyState({ title, text, command }: { title: string; text: string; command: string }) {
  return (
    <section class="empty">
      <h2>{title}</h2>
      <p>{text}</p>
      <div class="command">
        <pre>
          <code>{command}</code>
        </pre>
        <CopyButton text={command} />
      </div>
    </section>
  );
}

function CopyButton({ text }: { text: string }) {
  const [isCopied, setCopied] = useState(false);
  // Browsers offer the clipboard to secure pages only.
  if (!window.isSecureContext) return null;
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <button type="button" onClick={() => void copy()}>
      <span aria-live="polite">{isCopied ? "Copied" : "Copy"}</span>
    </button>
  );
}

/** The curl line that posts JSON to this very host, ready for a shell. */
export function curlLine(path: string, body: object): string {
  return [
    `curl -X POST ${location.origin}${path} \\`,
    "  -H 'content-type: application/json' \\",
    `  -d '${JSON.stringify(body, null, 1).replace(/\n */g, " ")}'`,
  ].join("\n");
}
