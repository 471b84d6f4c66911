"use strict";
(function () {
  var compare = new Intl.Collator("en", {numeric: true, sensitivity: "base"}).compare;

  function key(row, column) {
    var cell = row.cells[column];
    return cell.hasAttribute("data-k") ? cell.getAttribute("data-k") : cell.textContent;
  }

  /* The rows of all lots in one order, as many in each as before. */
  function sort(tables, column, descending) {
    var bodies = tables.map(function (table) { return table.tBodies[0]; });
    var counts = bodies.map(function (body) { return body.rows.length; });
    var rows = [];
    bodies.forEach(function (body) {
      Array.from(body.rows).forEach(function (row) { rows.push([key(row, column), row]); });
    });
    rows.sort(function (a, b) {
      if (!a[0] !== !b[0]) return a[0] ? -1 : 1;
      return descending ? compare(b[0], a[0]) : compare(a[0], b[0]);
    });
    var next = 0;
    bodies.forEach(function (body, lot) {
      var sorted = document.createDocumentFragment();
      for (var end = next + counts[lot]; next < end; next++) sorted.appendChild(rows[next][1]);
      body.appendChild(sorted);
    });
  }

  function heads(table) { return Array.from(table.tHead.rows[0].cells); }

  document.querySelectorAll(".sort").forEach(function (group) {
    var tables = Array.from(group.querySelectorAll("table"));
    tables.forEach(function (table) {
      heads(table).forEach(function (head, column) {
        var button = document.createElement("button");
        button.type = "button";
        button.textContent = head.textContent;
        head.textContent = "";
        head.appendChild(button);
        button.addEventListener("click", function () {
          var descending = head.getAttribute("aria-sort") === "ascending";
          tables.forEach(function (other) {
            heads(other).forEach(function (cell, at) {
              if (at === column) cell.setAttribute("aria-sort", descending ? "descending" : "ascending");
              else cell.removeAttribute("aria-sort");
            });
          });
          sort(tables, column, descending);
        });
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

  /* What paper has not is taken out meanwhile: a browser looks through all of it for each sheet, hidden or not. */
  var closed = [], away = [], place = 0;
  addEventListener("beforeprint", function () {
    place = scrollY;
    closed = Array.from(document.querySelectorAll("details.due:not([open])"));
    closed.forEach(function (node) { node.open = true; });
    away = Array.from(document.querySelectorAll(
      ".large .tree, .off, .brief > dl, .brief > .wide, .brief > ul, .brief > blockquote, .brief > .then, .back"));
    away = away.map(function (node) {
      var mark = document.createComment("");
      node.replaceWith(mark);
      return [mark, node];
    });
  });
  addEventListener("afterprint", function () {
    closed.forEach(function (node) { node.open = false; });
    away.reverse().forEach(function (pair) { pair[0].replaceWith(pair[1]); });
    closed = away = [];
    scrollTo(0, place);
  });
})();
