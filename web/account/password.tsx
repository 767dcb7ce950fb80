import type { TargetedSubmitEvent } from "preact";
import { useState } from "preact/hooks";
import { ask, sentenceOf } from "../board/rest.ts";
import { Complaint } from "./frame.tsx";
import { NewPassword, OwnPassword } from "./new-password.tsx";

/** Changes this account's password, which ends its other sessions. */
export function Password({ onChange }: { onChange: () => void }) {
  const [complaint, setComplaint] = useState<string>();
  const [isDone, setDone] = useState(false);

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    setComplaint(undefined);
    setDone(false);
    try {
      await ask("POST", "/api/auth/password", {
        password: String(fields.get("password")),
        new_password: String(fields.get("new_password")),
      });
      form.reset();
      setDone(true);
      onChange();
    } catch (error) {
      setComplaint(sentenceOf(error));
    }
  };

  return (
    <section class="card" aria-labelledby="password-title">
      <h2 id="password-title">Password</h2>
      <form onSubmit={(event) => void submit(event)}>
        <Complaint sentence={complaint} />
        {isDone && <p role="status">Changed. All other browsers were signed out.</p>}
        <OwnPassword label="Password as it is" />
        <NewPassword name="new_password" />
        <button type="submit">Change password</button>
      </form>
    </section>
  );
}
