/* In a notebook: called by anywidget. */

import { mount } from "./form.js";

function render({ model, el: root }) {
	const waiting = new Map(); // id -> who waits
	const hear = (answer) => waiting.get(answer.id)?.(answer);
	const send = (revision) =>
		new Promise((done) => {
			waiting.set(revision?.id ?? "", done);
			model.send(revision ? { type: "save", revision } : { type: "list" });
		});
	model.on("msg:custom", hear);
	const stop = mount(root, { ...model.get("setup"), send });
	return () => {
		stop();
		model.off("msg:custom", hear);
	};
}
export default { render };
