// The end of the page's module: puts the stage into the page.
document.getElementById("waiting").remove();
const stage = createStage(document.querySelector("main"));
const theme = document.getElementById("theme");
const showTheme = () => {
  document.body.dataset.theme = theme.value;
  stage.update({ theme: theme.value });
};
theme.value = window.convlab.shown.theme;
theme.addEventListener("change", showTheme);
showTheme();
stage.update(window.convlab.shown);
window.convlab.stage = stage;
