import type { TargetedSubmitEvent } from "preact";
import { useState } from "preact/hooks";
import { ask, sentenceOf } from "../board/rest.ts";
import { Complaint } from "./frame.tsx";
import { OwnPassword } from "./new-password.tsx";

/** Closes this account for good. */
export function Closing() {
  const [complaint, setComplaint] = useState<string>();

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const password = String(new FormData(event.currentTarget).get("password"));
    if (!confirm("Close this account for good? Its bots stop within seconds, and its models are nobody's."))
      return;
    setComplaint(undefined);
    try {
      await ask("DELETE", "/api/auth/account", { password });
      location.assign("/login");
    } catch (error) {
      setComplaint(sentenceOf(error));
    }
  };

  return (
    <section class="card" aria-labelledby="closing-title">
      <h2 id="closing-title">Close this account</h2>
      <p class="muted">
        Its keys and sessions end, and its models can be taken by whoever writes for them next. What it wrote
        stays.
      </p>
      <form onSubmit={(event) => void submit(event)}>
        <Complaint sentence={complaint} />
        <OwnPassword label="Your password" />
        <button type="submit">Close account</button>
      </form>
    </section>
  );
}
