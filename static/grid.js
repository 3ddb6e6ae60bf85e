// Keys and pasting in a grid of inputs (table[data-grid]), as in a spreadsheet.
(() => {
  "use strict";
  const changed = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

  // The grid: Enter and arrows move like in a spreadsheet.
  const cellsOf = (table) =>
    [...table.querySelectorAll("tbody tr")]
      .map((row) => [...row.querySelectorAll("input.form-control")])
      .filter((cells) => cells.length);
  const placeOf = (grid, cell) => {
    const row = grid.findIndex((cells) => cells.includes(cell));
    return [row, row < 0 ? -1 : grid[row].indexOf(cell)];
  };
  const STEPS = { Enter: [1, 0], ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
  const atEdge = (cell, key) =>
    key === "ArrowLeft" ? cell.selectionEnd === 0 : key === "ArrowRight" ? cell.selectionStart === cell.value.length : true;

  document.addEventListener("keydown", (event) => {
    const table = event.target.closest && event.target.closest("table[data-grid]");
    const step = STEPS[event.key];
    if (!table || !step || event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!event.target.matches("input.form-control") || !atEdge(event.target, event.key)) return;
    const grid = cellsOf(table);
    const [row, column] = placeOf(grid, event.target);
    const next = grid[row + step[0]] && grid[row + step[0]][column + step[1]];
    if (event.key === "Enter" || next) event.preventDefault();
    if (next) {
      next.focus();
      next.select();
    }
  });

  // A block from a spreadsheet fills a block; more rows than there are go through the server.
  document.addEventListener("paste", (event) => {
    const table = event.target.closest && event.target.closest("table[data-grid]");
    const text = event.clipboardData.getData("text/plain");
    if (!table || !event.target.matches("input.form-control") || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n").map((line) => line.split("\t"));
    const grid = cellsOf(table);
    const [top, left] = placeOf(grid, event.target);
    const block = table.closest(".kp-block");
    const area = block && block.querySelector("textarea");
    if (area && top === 0 && top + lines.length > grid.length && lines[0].length >= grid[0].length - 1) {
      area.value = text;
      block.querySelector("button[value^=paste]").click();
      return;
    }
    lines.forEach((cells, down) =>
      cells.forEach((value, across) => {
        const cell = grid[top + down] && grid[top + down][left + across];
        if (cell) cell.value = value.trim();
      }));
    changed(event.target);
  });
})();
