/* The options of a list that is chosen from while one types: a row for each, and the one marked. */

const piece = (name, text) => {
  const span = document.createElement("span");
  span.className = name;
  span.dir = "auto";
  span.textContent = text;
  return span;
};

export const option = (id, one, text) => {
  const item = document.createElement("li");
  item.id = id;
  item.setAttribute("role", "option");
  item.append(piece("called", one.called), piece("text", text));
  if (one.note) item.append(piece("note", one.note));
  return item;
};

export const markOption = (list, box, at) => {
  [...list.children].forEach((item, index) => { item.setAttribute("aria-selected", String(index === at)); });
  if (at < 0) box.removeAttribute("aria-activedescendant");
  else {
    box.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  }
};
