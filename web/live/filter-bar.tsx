import { FILTER_FIELDS, isFiltered, type TradeFilter } from "./trade-filter.ts";

const NO_FILTER: TradeFilter = { model: "", symbol: "", side: "" };
const LABELS = { model: "Model", symbol: "Symbol", side: "Side" };

export interface FilterBarProps {
  filter: TradeFilter;
  choices: { model: readonly string[]; symbol: readonly string[] };
  onChange: (filter: TradeFilter) => void;
}

/** Chooses which trades are shown, out of what has been seen. */
export function FilterBar({ filter, choices, onChange }: FilterBarProps) {
  const all = { ...choices, side: ["buy", "sell"] };
  return (
    <form class="filters" aria-label="Filter the trades" onSubmit={(event) => event.preventDefault()}>
      {FILTER_FIELDS.map((field) => (
        <label key={field}>
          <span>{LABELS[field]}</span>
          <select
            name={field}
            value={filter[field]}
            onChange={(event) => onChange({ ...filter, [field]: event.currentTarget.value })}
          >
            <option value="">all</option>
            {withChosen(all[field], filter[field]).map((value) => (
              <option key={value} value={value}>
                {value}
              </option>
            ))}
          </select>
        </label>
      ))}
      {isFiltered(filter) && (
        <button type="button" onClick={() => onChange(NO_FILTER)}>
          Show all
        </button>
      )}
    </form>
  );
}

/** An address may name a model that has not been seen yet. */
function withChosen(values: readonly string[], chosen: string): readonly string[] {
  return chosen === "" || values.includes(chosen) ? values : [chosen, ...values];
}
