import { useState } from "preact/hooks";
import type { SessionOut } from "../../src/contracts/accounts.ts";
import { absoluteTime } from "../board/format.ts";
import { ask, sentenceOf } from "../board/rest.ts";
import { Complaint } from "./frame.tsx";

/** Where this account is signed in; each can be ended from here. */
export function Sessions({ sessions, onChange }: { sessions: readonly SessionOut[]; onChange: () => void }) {
  const [complaint, setComplaint] = useState<string>();

  const end = async ({ id }: SessionOut) => {
    setComplaint(undefined);
    try {
      await ask("DELETE", `/api/auth/sessions/${encodeURIComponent(id)}`);
    } catch (error) {
      setComplaint(sentenceOf(error));
    }
    onChange();
  };

  const endAll = async () => {
    if (!confirm("End all sessions, of this browser too? Keys of bots go on.")) return;
    setComplaint(undefined);
    try {
      await ask("DELETE", "/api/auth/sessions");
      location.assign("/login");
    } catch (error) {
      setComplaint(sentenceOf(error));
    }
  };

  return (
    <section class="card" aria-labelledby="sessions-title">
      <h2 id="sessions-title">Signed in</h2>
      <Complaint sentence={complaint} />
      <ul class="rows">
        {sessions.map((session) => (
          <li key={session.id}>
            <div>
              <b>{session.current ? "This browser" : "Another browser"}</b>
              <small>
                since {absoluteTime(session.created_at)}, until {absoluteTime(session.expires_at)}
              </small>
            </div>
            {!session.current && (
              <button type="button" onClick={() => void end(session)}>
                End
              </button>
            )}
          </li>
        ))}
      </ul>
      <button type="button" onClick={() => void endAll()}>
        End all sessions
      </button>
    </section>
  );
}
