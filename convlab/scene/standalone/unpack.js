// Unpacks the page's data and runs the module in it. The policy knows module and style by hash.
(async () => {
  const packed = document.getElementById("packed").textContent;
  const deflated = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
  const stream = new Blob([deflated]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  // How long the JSON is, the JSON, and the bytes of its arrays.
  let end = 4 + new DataView(bytes.buffer).getUint32(0, true);
  const json = JSON.parse(new TextDecoder().decode(bytes.subarray(4, end)));
  const arrays = json.arrays.map(([size, width]) => {
    const part = bytes.subarray(end, (end += size));
    const planes = size / width; // the first bytes of all numbers stand first, then the second
    return part.map((_, at) => part[(at % width) * planes + Math.floor(at / width)]);
  });
  // {"#": 3} stands for array number 3; arrays that are equal are kept once.
  const restore = (key, value) => arrays[value?.["#"]] ?? value;
  window.convlab = { shown: JSON.parse(json.shown, restore) };
  for (const [tag, text] of [["style", json.style], ["script", json.module]]) {
    const element = document.createElement(tag);
    if (tag === "script") element.type = "module";
    element.textContent = text;
    document.head.append(element);
  }
})();
