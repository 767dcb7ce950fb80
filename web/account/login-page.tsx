import type { TargetedSubmitEvent } from "preact";
import { useState } from "preact/hooks";
import { ask, sentenceOf } from "../board/rest.ts";
import type { UserAnswer } from "./answers.ts";
import { Complaint, Frame } from "./frame.tsx";
import { MAX_PASSWORD, MIN_PASSWORD } from "./new-password.tsx";

const MODES = {
  login: { title: "Sign in", other: "Open an account instead", next: "register" },
  register: { title: "Open an account", other: "Sign in instead", next: "login" },
} as const;

/** Signs in, or opens an account, and goes on to the account's page. */
export function LoginPage() {
  const [mode, setMode] = useState<keyof typeof MODES>("login");
  const [complaint, setComplaint] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const { title, other, next } = MODES[mode];
  const isNew = mode === "register";

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const name = String(fields.get("name") ?? "").trim();
    setBusy(true);
    setComplaint(undefined);
    try {
      await ask<UserAnswer>("POST", `/api/auth/${mode}`, {
        email: String(fields.get("email")),
        password: String(fields.get("password")),
        ...(isNew && name !== "" && { name }),
      });
      location.assign("/account");
    } catch (error) {
      setComplaint(sentenceOf(error));
      setBusy(false);
    }
  };

  return (
    <Frame>
      <form class="card" onSubmit={(event) => void submit(event)}>
        <h1>{title}</h1>
        <Complaint sentence={complaint} />
        <label>
          Email
          <input name="email" type="email" autocomplete="username" required maxLength={254} />
        </label>
        {isNew && (
          <label>
            Name <small>(optional)</small>
            <input name="name" autocomplete="nickname" maxLength={100} />
          </label>
        )}
        <label>
          Password {isNew && <small>(at least {MIN_PASSWORD} characters)</small>}
          <input
            name="password"
            type="password"
            autocomplete={isNew ? "new-password" : "current-password"}
            required
            minLength={isNew ? MIN_PASSWORD : 1}
            maxLength={MAX_PASSWORD}
          />
        </label>
        <div class="row">
          <button type="submit" disabled={isBusy}>
            {title}
          </button>
          <button
            type="button"
            class="quiet"
            onClick={() => {
              setMode(next);
              setComplaint(undefined);
            }}
          >
            {other}
          </button>
        </div>
      </form>
    </Frame>
  );
}
