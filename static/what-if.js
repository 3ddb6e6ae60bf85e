// What the what-if page does beyond plain forms: short addresses, and the address ready to copy.
(() => {
  "use strict";
  const form = document.getElementById("what-if");
  if (!form) return;
  const isFilled = (value) => String(value).trim() !== "";

  // Fields that move nothing are not sent.
  form.addEventListener("formdata", (event) => {
    for (const name of [...event.formData.keys()]) {
      const values = event.formData.getAll(name).filter(isFilled);
      event.formData.delete(name);
      values.forEach((value) => event.formData.append(name, value));
    }
  });
  document.addEventListener("focusin", (event) => event.target.id === "address" && event.target.select());
})();
