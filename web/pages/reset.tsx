import { render } from "preact";
import { ResetPage } from "../account/reset-page.tsx";

render(<ResetPage />, document.body);
