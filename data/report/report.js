"use strict";
(function () {
  var compare = new Intl.Collator("en", {numeric: true, sensitivity: "base"}).compare;

  function key(row, column) {
    var cell = row.cells[column];
    return cell.hasAttribute("data-k") ? cell.getAttribute("data-k") : cell.textContent;
  }

  function sort(table, column, descending) {
    var body = table.tBodies[0];
    var rows = Array.from(body.rows).map(function (row) { return [key(row, column), row]; });
    rows.sort(function (a, b) {
      if (!a[0] !== !b[0]) return a[0] ? -1 : 1;
      return descending ? compare(b[0], a[0]) : compare(a[0], b[0]);
    });
    var sorted = document.createDocumentFragment();
    rows.forEach(function (pair) { sorted.appendChild(pair[1]); });
    body.appendChild(sorted);
  }

  document.querySelectorAll("table.sort").forEach(function (table) {
    var heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.textContent = "";
      head.appendChild(button);
      button.addEventListener("click", function () {
        var descending = head.getAttribute("aria-sort") === "ascending";
        heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", descending ? "descending" : "ascending");
        sort(table, column, descending);
      });
    });
  });

  function reveal() {
    var node = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (var up = node; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    if (node) node.scrollIntoView();
  }
  addEventListener("hashchange", reveal);
  reveal();

  var closed = [];
  addEventListener("beforeprint", function () {
    closed = Array.from(document.querySelectorAll("details.due:not([open])"));
    closed.forEach(function (node) { node.open = true; });
  });
  addEventListener("afterprint", function () {
    closed.forEach(function (node) { node.open = false; });
  });
})();
