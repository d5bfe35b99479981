/* Absences: who is away is not offered as their own stand-in. Without this file the office refuses it in words. */

const away = document.getElementById("id_person");
const standIn = document.getElementById("id_delegate");

const offer = () => {
  for (const one of standIn.options) one.hidden = one.disabled = Boolean(one.value) && one.value === away.value;
  if (standIn.selectedOptions[0]?.disabled) standIn.value = "";
};

if (away && standIn) {
  away.addEventListener("change", offer);
  offer();
}
