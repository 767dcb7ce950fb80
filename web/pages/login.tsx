import { render } from "preact";
import { LoginPage } from "../account/login-page.tsx";

render(<LoginPage />, document.body);
