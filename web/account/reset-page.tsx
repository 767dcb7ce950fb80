import type { TargetedSubmitEvent } from "preact";
import { useState } from "preact/hooks";
import { ask, sentenceOf } from "../board/rest.ts";
import { Complaint, Frame } from "./frame.tsx";
import { NewPassword } from "./new-password.tsx";

/** Sets a password anew by the link that an admin made; what opens it stands behind the #. */
export function ResetPage() {
  const [complaint, setComplaint] = useState<string>();
  const [isDone, setDone] = useState(false);
  const token = location.hash.slice(1);

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const new_password = String(new FormData(event.currentTarget).get("new_password"));
    setComplaint(undefined);
    try {
      await ask("POST", "/api/auth/reset", { token, new_password });
      // Used up: it need not stay in the browser's history.
      history.replaceState(null, "", "/reset");
      setDone(true);
    } catch (error) {
      setComplaint(sentenceOf(error));
    }
  };

  if (isDone) {
    return (
      <Frame>
        <section class="card">
          <h1>The password is set</h1>
          <p role="status">
            You were signed out everywhere. <a href="/login">Sign in</a> with the new one.
          </p>
        </section>
      </Frame>
    );
  }
  return (
    <Frame>
      <form class="card" onSubmit={(event) => void submit(event)}>
        <h1>Set a new password</h1>
        <Complaint
          sentence={
            token === "" ? "This address lacks the part behind the #: open the whole link." : complaint
          }
        />
        <NewPassword name="new_password" />
        <button type="submit" disabled={token === ""}>
          Set password
        </button>
      </form>
    </Frame>
  );
}
