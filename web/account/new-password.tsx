export const MIN_PASSWORD = 12;
export const MAX_PASSWORD = 1024;

/** Where a new password is typed. */
export function NewPassword({ name }: { name: string }) {
  return (
    <label>
      New password <small>(at least {MIN_PASSWORD} characters)</small>
      <input
        name={name}
        type="password"
        autocomplete="new-password"
        required
        minLength={MIN_PASSWORD}
        maxLength={MAX_PASSWORD}
      />
    </label>
  );
}

/** Where the password that one has is typed, to show that it is oneself. */
export function OwnPassword({ label }: { label: string }) {
  return (
    <label>
      {label}
      <input
        name="password"
        type="password"
        autocomplete="current-password"
        required
        maxLength={MAX_PASSWORD}
      />
    </label>
  );
}
