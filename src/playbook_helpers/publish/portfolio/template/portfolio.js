// Sorts, filters, searches and pages the tables of a portfolio. No library, no network: the rows
// stand in the page as data. Whatever they say is put in place as text and never as markup.
(() => {
  "use strict";
  const AT_ONCE = matchMedia("(max-width: 48rem)").matches ? 10 : 25;
  const FEW = 8; // rows up to which there is nothing to search for
  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December"];
  const order = new Intl.Collator("en", { sensitivity: "base", numeric: true });

  const make = (tag, values = {}, ...inside) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(values)) {
      if (value !== undefined && value !== false) element.setAttribute(name, value);
    }
    element.append(...inside);
    return element;
  };

  // How values are written -----------------------------------------------------------------

  const number = (value) => {
    const size = Math.abs(value);
    if (size >= 1e15 || (size > 0 && size < 1e-4)) return value.toPrecision(3);
    // What is on the page was rounded when it was made: here only thousands are set apart.
    return value.toLocaleString("en-GB", { maximumFractionDigits: 6 });
  };
  const spoken = (when) => {
    const [year, month, day] = when.split("-");
    const words = [day && Number(day), month && MONTHS[Number(month) - 1], year];
    return words.filter(Boolean).join(" ");
  };
  const written = (value, kind) => {
    if (value === null || value === "") return "";
    if (kind === "when") return spoken(value);
    if (typeof value !== "number") return value;
    if (kind === "percent") return `${number(value)}%`;
    if (kind === "signed" && value > 0) return `+${number(value)}`;
    return number(value);
  };
  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const isNumber = (column) => !["text", "when"].includes(column.kind);

  const read = async (holder) => {
    const text = holder.textContent;
    if (!("packed" in holder.dataset)) return JSON.parse(text);
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return JSON.parse(await new Response(stream).text());
  };

  // One table ------------------------------------------------------------------------------

  class Sheet {
    constructor(box, data) {
      this.box = box;
      Object.assign(this, data);
      this.places = new Map(this.columns.map((column, place) => [column.key, place]));
      this.shown = this.columns.filter((column) => !column.hidden);
      this.reported = data.reports === true || data.reports === false
        ? () => data.reports : (known => slug => known.has(slug))(new Set(data.reports));
      this.body = box.querySelector("tbody");
      this.found = this.rows;
      this.page = 1;
      this.words = "";
      this.wanted = new Map();
      this.sorted = null;
      this.texts = null;
      this.addTools();
      this.addHeads();
      this.addPages();
      box.querySelector(".pf-more")?.remove();
      this.update();
    }

    addTools() {
      const name = this.noun[1];
      const id = (what) => `${this.name}-${what}`;
      const field = (what, words, control) => {
        control.id = id(what);
        return make("div", {}, make("label", { for: control.id }, words), control);
      };
      const tools = make("div", { class: "pf-tools", role: "search",
        "aria-label": `Find among the ${name}: ${this.title}` });
      this.search = make("input", { type: "search", autocomplete: "off", spellcheck: "false" });
      let waiting = 0;
      this.search.addEventListener("input", () => {
        clearTimeout(waiting);
        waiting = setTimeout(() => { this.words = this.search.value; this.find(); }, 150);
      });
      tools.append(field("search", "Search", this.search));
      this.selects = [];
      for (const column of this.shown.filter((each) => each.filter)) {
        const choices = this.choices(column);
        if (choices.length < 2) continue;
        const select = make("select", {}, make("option", { value: "" }, "All"));
        for (const [words, count] of choices) {
          select.append(make("option", { value: words }, `${words} (${number(count)})`));
        }
        select.addEventListener("change", () => {
          this.wanted.set(column, select.value);
          this.find();
        });
        this.selects.push(select);
        tools.append(field(`filter-${column.key}`, column.label, select));
      }
      this.order = make("select", {}, make("option", { value: "" }, "As first listed"));
      for (const column of this.shown) {
        const place = this.places.get(column.key);
        const [up, down] = column.kind === "text" ? ["A to Z", "Z to A"]
          : column.kind === "when" ? ["earliest first", "latest first"]
            : ["lowest first", "highest first"];
        this.order.append(
          make("option", { value: `${place} 1` }, `${column.label}, ${up}`),
          make("option", { value: `${place} -1` }, `${column.label}, ${down}`));
      }
      this.order.addEventListener("change", () => {
        const [place, way] = this.order.value.split(" ").map(Number);
        this.sorted = this.order.value === "" ? null : { place, way };
        this.find();
      });
      tools.append(field("order", "Order", this.order));
      this.clear = make("button", { type: "button" }, "Clear");
      this.clear.addEventListener("click", () => {
        this.search.value = this.words = this.order.value = "";
        for (const select of this.selects) select.value = "";
        this.wanted.clear();
        this.sorted = null;
        this.find();
        this.search.focus();
      });
      tools.append(make("div", {}, this.clear));
      this.status = make("p", { class: "pf-status", role: "status" });
      if (this.rows.length > FEW) this.box.prepend(tools, this.status);
    }

    choices(column) {
      const place = this.places.get(column.key);
      const counts = new Map();
      for (const row of this.rows) {
        for (const part of this.parts_of(row[place], column)) {
          counts.set(part, (counts.get(part) ?? 0) + 1);
        }
      }
      return [...counts].sort(([a], [b]) => order.compare(a, b));
    }

    parts_of(value, column) {
      if (value === null || value === "") return [];
      return column.parts ? value.split("; ") : [String(value)];
    }

    addHeads() {
      this.heads = [...this.box.querySelectorAll("thead th")];
      this.heads.forEach((head, index) => {
        const place = this.places.get(this.shown[index].key);
        if (this.rows.length < 2) return;
        const button = make("button", { type: "button" }, head.textContent);
        button.addEventListener("click", () => {
          const way = this.sorted?.place === place ? -this.sorted.way
            : isNumber(this.shown[index]) ? -1 : 1;
          this.sorted = { place, way };
          this.order.value = `${place} ${way}`;
          this.find();
        });
        head.replaceChildren(button);
      });
    }

    addPages() {
      this.before = make("button", { type: "button" }, "Previous");
      this.after = make("button", { type: "button" }, "Next");
      this.number = make("input", { type: "number", min: 1, inputmode: "numeric" });
      this.last = make("span");
      const turn = (page) => {
        const most = Math.max(1, Math.ceil(this.found.length / AT_ONCE));
        this.page = Math.min(most, Math.max(1, Math.round(page) || 1));
        this.update();
      };
      this.before.addEventListener("click", () => turn(this.page - 1));
      this.after.addEventListener("click", () => turn(this.page + 1));
      this.number.addEventListener("change", () => turn(this.number.valueAsNumber));
      this.pages = make("nav", { class: "pf-pages", "aria-label": `Pages: ${this.title}` },
        this.before, make("label", {}, "Page ", this.number), this.last, this.after);
      this.box.querySelector(".pf-region").after(this.pages);
    }

    // What is asked for ----------------------------------------------------------------------

    find() {
      const words = folded(this.words).split(/\s+/).filter(Boolean);
      let found = this.rows.map((_, index) => index);
      if (words.length) {
        this.texts ??= this.rows.map((row) => folded(row.filter((value, place) =>
          typeof value === "string" && this.columns[place].kind === "text").join(" ")));
        found = found.filter((index) => words.every((word) => this.texts[index].includes(word)));
      }
      for (const [column, wanted] of this.wanted) {
        if (!wanted) continue;
        const place = this.places.get(column.key);
        found = found.filter((i) => this.parts_of(this.rows[i][place], column).includes(wanted));
      }
      let rows = found.map((index) => this.rows[index]);
      if (this.sorted) rows = this.inOrder(rows);
      this.found = rows;
      this.page = 1;
      this.update();
    }

    inOrder(rows) {
      const { place, way } = this.sorted;
      const { kind } = this.columns[place];
      const none = (value) => value === null || value === "";
      // A year or a month counts as its end, as everywhere in the playbook.
      const key = kind === "when" ? (value) => `${value}-99-99`.slice(0, 10) : (value) => value;
      const compare = kind === "text" ? order.compare : (a, b) => (a < b ? -1 : a > b ? 1 : 0);
      return [...rows].sort((a, b) => {
        const [x, y] = [a[place], b[place]];
        if (none(x) || none(y)) return Number(none(x)) - Number(none(y));
        return way * compare(key(x), key(y));
      });
    }

    // What is shown --------------------------------------------------------------------------

    update() {
      const total = this.found.length;
      const pages = Math.max(1, Math.ceil(total / AT_ONCE));
      const from = (this.page - 1) * AT_ONCE;
      const rows = this.found.slice(from, from + AT_ONCE);
      this.body.replaceChildren(...(rows.length ? rows.map((row) => this.line(row)) : [this.none()]));
      const [one, many] = this.noun;
      const all = this.rows.length;
      const name = total === 1 ? one : many;
      const of = total < all ? `${number(total)} of ${number(all)} ${many} found` : `${number(all)} ${name}`;
      this.status.textContent = total > AT_ONCE
        ? `${of}, here ${number(from + 1)} to ${number(from + rows.length)}` : of;
      this.pages.hidden = pages === 1;
      this.before.disabled = this.page === 1;
      this.after.disabled = this.page === pages;
      this.number.value = this.page;
      this.number.max = pages;
      this.last.textContent = `of ${number(pages)}`;
      this.clear.disabled = !this.words && !this.sorted && ![...this.wanted.values()].some(Boolean);
      this.heads.forEach((head, index) => {
        const own = this.sorted?.place === this.places.get(this.shown[index].key);
        if (own) head.setAttribute("aria-sort", this.sorted.way > 0 ? "ascending" : "descending");
        else head.removeAttribute("aria-sort");
      });
    }

    line(row) {
      return make("tr", { role: "row" }, ...this.shown.map((column, index) =>
        this.cell(row, column, index === 0)));
    }

    cell(row, column, first) {
      const text = written(row[this.places.get(column.key)], column.kind);
      const near = column.beside ? this.columns[this.places.get(column.beside)] : null;
      const beside = near ? written(row[this.places.get(near.key)], near.kind) : "";
      const slug = column.link ? row[this.places.get(column.link)] : "";
      const main = slug && this.reported(slug)
        ? make("a", { href: `../reports/${encodeURIComponent(slug)}/index.html` }, text)
        : column.parts && text
          ? make("span", {}, ...text.split("; ").map((each) => make("span", { class: "pf-each" }, each)))
          : make("span", {}, text || "–");
      const css = [isNumber(column) && "pf-right", !text && !beside && "pf-empty", !text && "pf-none",
        column.parts && "pf-wide"];
      const cell = make(first ? "th" : "td", { role: first ? "rowheader" : "cell",
        scope: first && "row", "data-label": column.label,
        class: css.filter(Boolean).join(" ") || undefined }, main);
      if (beside) cell.append(make("small", {}, beside));
      return cell;
    }

    none() {
      const cell = make("td", { role: "cell", colspan: this.shown.length, class: "pf-nothing" },
        "Nothing fits. Clear the search and the choices above to see all.");
      return make("tr", { role: "row" }, cell);
    }
  }

  const start = async () => {
    for (const box of document.querySelectorAll(".pf-sheet")) {
      const holder = box.querySelector("script[data-rows]");
      if (!holder) continue;
      try {
        const data = await read(holder);
        holder.remove();
        new Sheet(box, data);
      } catch (error) {
        // The first rows stand in the page as they are, and the files hold all.
        console.warn(`The table ${box.dataset.sheet} stays as it is:`, error);
      }
    }
    document.documentElement.dataset.ready = "yes";
  };
  start();
})();
