/* Subscribes this browser to pushes: the browser's keys go into a form, which is sent as any other. */

const form = document.getElementById("push-browser");

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));

const subscribe = async () => {
  if (await Notification.requestPermission() !== "granted") return false;
  await navigator.serviceWorker.register("/push-worker.js");
  const worker = await navigator.serviceWorker.ready;
  const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.key) });
  const told = made.toJSON();
  form.elements.endpoint.value = told.endpoint;
  form.elements.p256dh.value = told.keys.p256dh;
  form.elements.auth.value = told.keys.auth;
  form.elements.label.value = navigator.userAgentData?.platform || navigator.platform || "";
  return true;
};

if (form && "serviceWorker" in navigator && "PushManager" in window && window.isSecureContext) {
  form.hidden = false;
  document.getElementById("push-unsupported").hidden = true;
  form.addEventListener("submit", (event) => {
    if (form.elements.endpoint.value) return;
    event.preventDefault();
    const refused = () => { document.getElementById("push-refused").hidden = false; };
    subscribe().then((taken) => { if (taken) form.submit(); else refused(); }, refused);
  });
}
