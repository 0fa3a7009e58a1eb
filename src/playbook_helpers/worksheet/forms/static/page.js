/* On a page: every form in it. */

import { mount } from "./form.js";

for (const root of document.querySelectorAll("[data-playbook-form]")) {
	const setup = root.querySelector("script");
	if (setup) mount(root, JSON.parse(setup.textContent));
}
