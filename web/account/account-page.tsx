import { useEffect, useState } from "preact/hooks";
import type { KeyOut, SessionOut, User } from "../../src/contracts/accounts.ts";
import { ask, Refused, sentenceOf } from "../board/rest.ts";
import type { KeyList, SessionList, UserAnswer } from "./answers.ts";
import { Closing } from "./closing.tsx";
import { Complaint, Frame } from "./frame.tsx";
import { Keys } from "./keys.tsx";
import { Password } from "./password.tsx";
import { Sessions } from "./sessions.tsx";

interface Account {
  user: User;
  keys: KeyOut[];
  sessions: SessionOut[];
}

async function loadAccount(): Promise<Account> {
  const { user } = await ask<UserAnswer>("GET", "/api/auth/me");
  const [{ keys }, { sessions }] = await Promise.all([
    ask<KeyList>("GET", "/api/keys"),
    ask<SessionList>("GET", "/api/auth/sessions"),
  ]);
  return { user, keys, sessions };
}

/** One's own account: keys, sessions, and the way out. */
export function AccountPage() {
  const [account, setAccount] = useState<Account>();
  const [complaint, setComplaint] = useState<string>();

  const load = () => {
    loadAccount().then(
      (loaded) => {
        setAccount(loaded);
        setComplaint(undefined);
      },
      (error: unknown) => {
        if (error instanceof Refused && error.status === 401) location.replace("/login");
        else setComplaint(sentenceOf(error));
      },
    );
  };
  useEffect(load, []);

  const leave = () => {
    ask("POST", "/api/auth/logout").then(
      () => location.assign("/login"),
      (error: unknown) => setComplaint(sentenceOf(error)),
    );
  };

  return (
    <Frame>
      <Complaint sentence={complaint} />
      {account === undefined ? (
        complaint === undefined && <p class="waiting">Loading your account…</p>
      ) : (
        <>
          <section class="card">
            <h1>{account.user.name ?? account.user.email}</h1>
            <p class="muted">
              {account.user.email} <span class="tag">{account.user.role}</span>
            </p>
            <button type="button" onClick={leave}>
              Sign out
            </button>
          </section>
          <Keys keys={account.keys} onChange={load} />
          <Sessions sessions={account.sessions} onChange={load} />
          <Password onChange={load} />
          <Closing />
        </>
      )}
    </Frame>
  );
}
