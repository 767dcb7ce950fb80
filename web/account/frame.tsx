import type { ComponentChildren } from "preact";
import { PageLinks } from "../board/header.tsx";

/** The way back to the boards, around what the page is about. */
export function Frame({ children }: { children: ComponentChildren }) {
  return (
    <div class="page account-page">
      <header class="top">
        <a class="brand" href="/live">
          <span>trading-playground</span>
        </a>
        <nav aria-label="Pages">
          <PageLinks />
        </nav>
      </header>
      <main>{children}</main>
    </div>
  );
}

/** What went wrong, said at once to those who do not see it. */
export function Complaint({ sentence }: { sentence: string | undefined }) {
  if (sentence === undefined) return null;
  return (
    <p class="notice" role="alert">
      {sentence}
    </p>
  );
}
