import { render } from "preact";
import { AccountPage } from "../account/account-page.tsx";

render(<AccountPage />, document.body);
