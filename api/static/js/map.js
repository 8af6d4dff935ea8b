// The map of sites: commune outlines, lines between places, and a mark for each place whose shape tells its state too.
(function () {
  "use strict";
  var box = document.querySelector("[data-map]");
  if (!box || !window.L) return;
  var map, marks, lines;
  var NAMED = 8;

  function start(data) {
    map = L.map(box, { attributionControl: false, zoomSnap: 0.25, scrollWheelZoom: false, minZoom: 6, maxZoom: 14 });
    // Above the lines, so that they can be read, and below the marks, which matter more.
    map.createPane("names").style.zIndex = 450;
    fetch(data.areas).then(function (answer) { return answer.json(); }).then(function (areas) {
      var layer = L.geoJSON(areas, {
        interactive: false,
        style: function () { return { className: "map-area" }; },
        onEachFeature: function (feature, area) {
          area.bindTooltip(feature.properties.name, { permanent: true, direction: "center", pane: "names", className: "map-area-name", interactive: false });
        }
      }).addTo(map);
      layer.bringToBack();
      fit(data, layer.getBounds());
    });
    lines = L.layerGroup().addTo(map);
    marks = L.layerGroup().addTo(map);
    map.setView([22.4, 104.85], 10);
    fit(data, null);
    draw(data);
  }

  // The outlines are one district's; places elsewhere widen the view, or are all of it.
  function fit(data, areas) {
    var points = data.places.map(function (place) { return place.at; });
    var bounds = points.length ? L.latLngBounds(points) : areas;
    if (bounds && areas && bounds.intersects(areas)) bounds = L.latLngBounds(areas).extend(bounds);
    if (bounds) map.fitBounds(bounds, { padding: [16, 16], maxZoom: 12, animate: false });
  }

  function draw(data) {
    lines.clearLayers();
    marks.clearLayers();
    data.lines.forEach(function (line) {
      L.polyline([line.from, line.to], { className: "map-link map-link-" + line.state })
        .bindTooltip(line.name, { sticky: true, className: "map-name" })
        .on("click", function () { window.location.assign(line.href); })
        .addTo(lines);
    });
    // Who is cut off is named at once, unless the names would cover the map.
    var cut = data.places.filter(function (place) { return place.state === "down" || place.state === "behind"; });
    data.places.forEach(function (place) {
      var svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      var use = document.createElementNS("http://www.w3.org/2000/svg", "use");
      use.setAttribute("href", data.icons + "#state-" + place.state);
      svg.appendChild(use);
      var holder = document.createElement("span");
      holder.className = "state-" + place.state;
      holder.appendChild(svg);
      var icon = L.divIcon({ html: holder, className: "map-pin map-pin-" + place.state, iconSize: [28, 28] });
      var mark = L.marker(place.at, { icon: icon, alt: place.name + ": " + place.text, title: place.name + ": " + place.text, keyboard: true, zIndexOffset: place.state === "down" ? 1000 : 0 });
      mark.on("click keypress", function (event) {
        if (!event.originalEvent || event.originalEvent.type !== "keypress" || event.originalEvent.key === "Enter") window.location.assign(place.href);
      });
      mark.addTo(marks);
      var element = mark.getElement();
      if (element) {
        element.setAttribute("role", "link");
        element.setAttribute("aria-label", place.name + ": " + place.text);
      }
      if (place.state === "down" || place.state === "warning" || place.state === "behind") {
        mark.bindTooltip(place.name, { permanent: place.state === "down" || (place.state === "behind" && cut.length <= NAMED), direction: "right", offset: [10, 0], className: "map-name" });
      }
    });
  }

  function load() {
    return fetch(box.dataset.map, { headers: { "X-Background": "1" } }).then(function (answer) {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    });
  }

  load().then(function (data) {
    start(data);
    var last = JSON.stringify(data);
    window.setInterval(function () {
      if (document.hidden) return;
      load().then(function (fresh) {
        if (JSON.stringify(fresh) === last) return;
        last = JSON.stringify(fresh);
        draw(fresh);
      }, function () {});
    }, 5000);
  }, function () {
    box.textContent = box.dataset.failed;
    box.classList.add("panel-body");
  });
})();
