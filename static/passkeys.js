// Ties a page's passkey button to allauth's functions. The page says which: data-passkey="add".
(function () {
  const place = document.querySelector("[data-passkey]");
  if (!place || !window.PublicKeyCredential) return;
  const ids = { credential: "id_credential", data: "js_data" };
  const forms = window.allauth.webauthn.forms;
  const ways = {
    add: () => forms.addForm({ ids: { ...ids, add: "passkey_button", passwordless: "id_passwordless" } }),
    login: () => forms.loginForm({ ids: { ...ids, login: "passkey_button" } }),
    authenticate: () => forms.authenticateForm({ ids: { ...ids, authenticate: "passkey_button" } }),
  };
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    document.getElementById("passkey_error").hidden = false;
  });
  ways[place.dataset.passkey]();
  place.hidden = false;
})();
