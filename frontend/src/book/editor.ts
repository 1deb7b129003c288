/** Typing into a cell: Enter and Tab save, Escape leaves it as it was; what is refused stays typed, with the reason. */
import type { Choices } from "./data";
import { Refused } from "./server";

export interface Editing {
  cell: HTMLElement;
  label: string;
  value: string;
  /** What can be chosen, where the field takes the code of something named. */
  choices: Choices | undefined;
  save(value: string): Promise<void>;
  done(saved: boolean, step: number): void;
}

export function edit({ cell, label, value, choices, save, done }: Editing): void {
  const input = document.createElement("input");
  const problem = document.createElement("p");
  input.className = "editing";
  input.setAttribute("aria-label", label);
  input.autocomplete = "off";
  input.value = choices ? offered(choices, value) : value;
  problem.className = "cell-problem";
  problem.setAttribute("role", "alert");
  problem.hidden = true;
  const held = [...cell.childNodes];
  cell.replaceChildren(input);
  if (choices) cell.append(listOf(choices, input));
  input.focus();
  input.select();

  let finished = false;
  const end = (saved: boolean, step = 0): void => {
    if (finished) return;
    finished = true;
    problem.remove();
    if (!saved) cell.replaceChildren(...held);
    done(saved, step);
  };
  const send = async (step: number): Promise<void> => {
    const typed = input.value.trim();
    const code = choices ? (choices.codes.get(typed) ?? typed) : typed;
    if (code === value.trim()) return end(false, step);
    input.disabled = true;
    try {
      await save(code);
      end(true, step);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      input.disabled = false;
      input.setAttribute("aria-invalid", "true");
      problem.textContent = error.here;
      problem.hidden = false;
      document.body.append(problem);
      place(problem, cell);
      input.focus();
    }
  };
  input.addEventListener("keydown", (press) => {
    press.stopPropagation();
    if (press.key === "Escape") end(false);
    else if (press.key === "Enter") { press.preventDefault(); void send(0); }
    else if (press.key === "Tab") { press.preventDefault(); void send(press.shiftKey ? -1 : 1); }
  });
  input.addEventListener("blur", () => { if (!input.disabled && !input.hasAttribute("aria-invalid")) void send(0); });
}

function offered(choices: Choices, code: string): string {
  for (const [name, of] of choices.codes) if (of === code) return name;
  return code;
}

function listOf(choices: Choices, input: HTMLInputElement): HTMLDataListElement {
  const list = document.createElement("datalist");
  list.id = "cell-choices";
  input.setAttribute("list", list.id);
  for (const name of choices.codes.keys()) {
    const option = document.createElement("option");
    option.value = name;
    list.append(option);
  }
  return list;
}

function place(problem: HTMLElement, cell: HTMLElement): void {
  const box = cell.getBoundingClientRect();
  problem.style.left = `${Math.max(8, Math.min(box.left, innerWidth - 340))}px`;
  problem.style.top = `${box.bottom + 4}px`;
}
