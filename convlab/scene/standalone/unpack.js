// Unpacks the page's data and runs the module in it, which the policy knows by its hash.
(async () => {
  const packed = document.getElementById("packed").textContent;
  const bytes = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const { module, arrays, shown } = JSON.parse(await new Response(stream).text());
  // Arrays that are equal are kept once: {"#": 3} stands for the text of number 3.
  const restore = (key, value) => arrays[value?.["#"]] ?? value;
  window.convlab = { shown: JSON.parse(shown, restore) };
  const script = document.createElement("script");
  script.type = "module";
  script.textContent = module;
  document.head.append(script);
})();
