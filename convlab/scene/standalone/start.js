// The end of the page's module: puts one stage into the page, or two that move together.
document.getElementById("waiting").remove();
const shown = window.convlab.stages;
const stages = shown.map((one, number) => {
  const place = document.createElement("section");
  place.setAttribute("aria-label", one.code);
  document.querySelector("main").append(place);
  const others = () => stages.filter((_, other) => other !== number);
  return createStage(place, {
    onMove: (move) => others().forEach((other) => other.update({ follow: move })),
  });
});
if (shown.length > 1) document.body.dataset.compared = "";
const theme = document.getElementById("theme");
const showTheme = () => {
  document.body.dataset.theme = theme.value;
  for (const stage of stages) stage.update({ theme: theme.value });
};
theme.value = shown[0].theme;
theme.addEventListener("change", showTheme);
showTheme();
stages.forEach((stage, number) => stage.update(shown[number]));
