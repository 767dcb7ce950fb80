import type { TargetedSubmitEvent } from "preact";
import { useState } from "preact/hooks";
import type { KeyOut } from "../../src/contracts/accounts.ts";
import { absoluteTime } from "../board/format.ts";
import { ask, sentenceOf } from "../board/rest.ts";
import type { KeyAnswer } from "./answers.ts";
import { Complaint } from "./frame.tsx";

interface KeysProps {
  keys: readonly KeyOut[];
  onChange: () => void;
}

/** This account's keys, and how to make one. */
export function Keys({ keys, onChange }: KeysProps) {
  const [made, setMade] = useState<KeyAnswer>();
  const [complaint, setComplaint] = useState<string>();

  const revoke = async (key: KeyOut) => {
    if (!confirm(`Revoke the key “${key.name}”? Bots that use it stop within seconds.`)) return;
    setComplaint(undefined);
    try {
      await ask("DELETE", `/api/keys/${encodeURIComponent(key.id)}`);
      if (made?.key.id === key.id) setMade(undefined);
      onChange();
    } catch (error) {
      setComplaint(sentenceOf(error));
    }
  };

  return (
    <section class="card" aria-labelledby="keys-title">
      <h2 id="keys-title">Keys for bots</h2>
      <p class="muted">
        A bot sends its key as <code>Authorization: Bearer …</code>, over a socket as <code>auth.token</code>.
      </p>
      <Complaint sentence={complaint} />
      {made !== undefined && (
        <div class="secret" role="status">
          <p>
            <b>The secret of “{made.key.name}”.</b> Copy it now: it is not shown again.
          </p>
          <code data-secret>{made.secret}</code>
        </div>
      )}
      {keys.length > 0 && (
        <ul class="rows">
          {keys.map((key) => (
            <li key={key.id}>
              <div>
                <b>{key.name}</b> <code>{key.prefix}…</code>
                <small>
                  {key.models === null ? "all models of this account" : key.models.join(", ")} ·{" "}
                  {key.last_used_at === null ? "never used" : `used ${absoluteTime(key.last_used_at)}`}
                  {key.expires_at !== null && ` · expires ${absoluteTime(key.expires_at)}`}
                </small>
              </div>
              <button type="button" aria-label={`Revoke ${key.name}`} onClick={() => void revoke(key)}>
                Revoke
              </button>
            </li>
          ))}
        </ul>
      )}
      <NewKeyForm
        onMade={(answer) => {
          setMade(answer);
          onChange();
        }}
      />
    </section>
  );
}

function NewKeyForm({ onMade }: { onMade: (made: KeyAnswer) => void }) {
  const [complaint, setComplaint] = useState<string>();

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const models = String(fields.get("models"))
      .split("\n")
      .map((model) => model.trim())
      .filter((model) => model !== "");
    const day = String(fields.get("expires"));
    setComplaint(undefined);
    try {
      const made = await ask<KeyAnswer>("POST", "/api/keys", {
        name: String(fields.get("name")),
        ...(models.length > 0 && { models }),
        ...(day !== "" && { expires_at: new Date(`${day}T23:59:59`).toISOString() }),
      });
      form.reset();
      onMade(made);
    } catch (error) {
      setComplaint(sentenceOf(error));
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)}>
      <h3>New key</h3>
      <Complaint sentence={complaint} />
      <label>
        Name
        <input name="name" required maxLength={100} />
      </label>
      <label>
        Models <small>(one a line; empty: all of this account)</small>
        <textarea name="models" rows={2} />
      </label>
      <label>
        Expires after <small>(optional)</small>
        <input name="expires" type="date" />
      </label>
      <button type="submit">Make key</button>
    </form>
  );
}
