// Rows come and go without a new page; without this script the same buttons send the form.
(() => {
  "use strict";
  const form = document.getElementById("scenario");
  if (!form) return;
  form.addEventListener("submit", async (submit) => {
    const button = submit.submitter;
    if (!button || !/^(add|drop)-/.test(button.value)) return;
    submit.preventDefault();
    const part = button.value.split("-")[1];
    try {
      const answer = await fetch(location.href, { method: "POST", body: new FormData(form, button), credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of [`part-${part}`, "lists"]) document.getElementById(id).replaceWith(page.getElementById(id));
    } catch {
      const plain = document.createElement("input");
      plain.type = "hidden"; plain.name = "do"; plain.value = button.value;
      form.append(plain);
      form.noValidate = true;
      form.submit();
      return;
    }
    const section = document.getElementById(`part-${part}`);
    const last = button.value.startsWith("add-") && [...section.querySelectorAll("tbody tr:last-child")].find((row) => row.querySelector(`input[value="${button.value.split("-")[2]}"]`));
    (last ? last.querySelector("select, input:not([type=hidden])") : section.querySelector(".adders button")).focus();
  });
})();
