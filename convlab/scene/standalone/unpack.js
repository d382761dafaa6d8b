// Unpacks the page's data and runs the module in it. The policy knows module and style by hash.
(async () => {
  const packed = document.getElementById("packed").textContent;
  const deflated = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
  const stream = new Blob([deflated]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  // How long the JSON is, the JSON, and the bytes of its arrays.
  let end = 4 + new DataView(bytes.buffer).getUint32(0, true);
  const json = JSON.parse(new TextDecoder().decode(bytes.subarray(4, end)));
  const take = (count) => bytes.subarray(end, (end += count));
  const arrays = [];
  for (const [size, width, base] of json.arrays) {
    const count = size / width; // of numbers: their first bytes stand first, then the second
    const planes = take(size);
    const same = base === null ? null : take(count); // which are those of an array before it
    arrays.push(planes.map((_, at) => {
      const number = Math.floor(at / width);
      return same?.[number] ? arrays[base][at] : planes[(at % width) * count + number];
    }));
  }
  // {"#": 3} stands for array number 3; arrays that are equal are kept once.
  const restore = (key, value) => arrays[value?.["#"]] ?? value;
  window.convlab = { stages: JSON.parse(json.stages, restore) };
  for (const [tag, text] of [["style", json.style], ["script", json.module]]) {
    const element = document.createElement(tag);
    if (tag === "script") element.type = "module";
    element.textContent = text;
    document.head.append(element);
  }
})();
