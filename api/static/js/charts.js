// Draws the charts of a page. Everything a chart shows also stands below it in words, sent by the server.
(function () {
  "use strict";
  var frame = document.querySelector("[data-charts]");
  if (!frame || !window.echarts) return;
  var language = document.documentElement.lang || "vi";
  var drawn = {};

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function number(value, places) {
    return new Intl.NumberFormat(language, { maximumFractionDigits: places, signDisplay: "negative" }).format(value).replace("-", "−");
  }

  function written(value, unit) {
    if (unit === "bits") {
      var steps = [["Gbit/s", 1e9], ["Mbit/s", 1e6], ["kbit/s", 1e3]];
      for (var i = 0; i < steps.length; i++) if (Math.abs(value) >= steps[i][1]) return number(value / steps[i][1], 1) + " " + steps[i][0];
      return number(value, 0) + " bit/s";
    }
    if (unit === "dbm") return number(value, 1) + " dBm";
    if (unit === "ratio") return number(value * 100, 1) + " %";
    if (unit === "seconds" && value > 0 && value < 0.00001) return "< " + number(0.01, 2) + " ms";
    if (unit === "seconds") return number(value * 1000, value < 0.001 ? 2 : 1) + " ms";
    return "";
  }

  // A step without a sample is a gap, not a slope from the last value to the next.
  function gapped(points, step) {
    var out = [];
    points.forEach(function (point, index) {
      if (index && point[0] - points[index - 1][0] > 1.5 * step) out.push([points[index - 1][0] + step, null]);
      out.push(point);
    });
    return out;
  }

  function lineSeries(chart) {
    var colours = [colour("--tblr-link-color"), colour("--q-behind")];
    return chart.series.map(function (one, index) {
      var series = {
        type: "line", name: one.name, data: gapped(one.points, chart.step), showSymbol: one.points.length < 4, animation: false,
        lineStyle: { width: 2, type: index ? [6, 3] : "solid", color: colours[index % 2] }, itemStyle: { color: colours[index % 2] },
        areaStyle: chart.unit === "dbm" || index ? undefined : { opacity: 0.12, color: colours[index % 2] }
      };
      if (!index) series.markLine = {
        silent: true, symbol: "none", animation: false,
        data: chart.marks.map(function (mark) {
          var tone = mark.level === "alarm" ? colour("--q-down") : mark.level === "limit" ? colour("--q-warning") : colour("--q-ok");
          return {
            yAxis: mark.value, lineStyle: { color: tone, type: mark.level === "baseline" ? "dashed" : "solid", width: 1.5 },
            label: { formatter: mark.text, position: "insideStartTop", color: tone, fontSize: 12, fontWeight: 600 }
          };
        })
      };
      return series;
    });
  }

  function stateSeries(chart) {
    var bad = colour("--q-down"), good = colour("--q-ok");
    return chart.series.map(function (one) {
      return {
        type: "line", step: "start", name: one.name, showSymbol: false, animation: false, data: gapped(one.points, chart.step).map(function (point) {
          return [point[0], point[1] === null ? null : point[1] < 0.5 ? 1 : 0];
        }),
        lineStyle: { width: 2, color: good }, areaStyle: { color: good, opacity: 0.25, origin: "start" },
        markArea: { silent: true, itemStyle: { color: bad, opacity: 0.45 }, data: cuts(one.points, chart.step) }
      };
    });
  }

  function cuts(points, step) {
    var out = [], start = null;
    points.forEach(function (point) {
      if (point[1] >= 0.5 && start === null) start = point[0] - step;
      if (point[1] < 0.5 && start !== null) {
        out.push([{ xAxis: start }, { xAxis: point[0] - step }]);
        start = null;
      }
    });
    if (start !== null) out.push([{ xAxis: start }, { xAxis: points[points.length - 1][0] }]);
    return out;
  }

  // Times are those of the district, wherever the browser is.
  function clock(at, zone, parts) {
    var options = { timeZone: zone, hour12: false };
    if (parts !== "day") { options.hour = "2-digit"; options.minute = "2-digit"; }
    if (parts !== "time") { options.day = "2-digit"; options.month = "2-digit"; }
    return new Intl.DateTimeFormat(language, options).format(at);
  }

  // A house that was set up an hour ago has no month to show: the axis begins with what there is.
  function begin(chart) {
    var first = Math.min.apply(null, chart.series.map(function (one) { return one.points[0][0]; }));
    var span = Math.max(1.1 * (chart.to - first), 300000);
    return span < 0.4 * (chart.to - chart.from) ? chart.to - span : chart.from;
  }

  function option(chart) {
    var state = chart.unit === "state";
    var from = begin(chart);
    var wide = chart.to - from > 2 * 86400000;
    var values = [];
    chart.series.forEach(function (one) { one.points.forEach(function (point) { values.push(point[1]); }); });
    chart.marks.forEach(function (mark) { values.push(mark.value); });
    var low = Math.min.apply(null, values), high = Math.max.apply(null, values);
    // What is next to nothing is drawn as such: an axis of its own would make a mountain of it.
    var floor = chart.unit === "ratio" && high < 0.05 ? [0.05, 0.025] : chart.unit === "seconds" && high < 0.001 ? [0.001, 0.00025] : null;
    // Optical power has no natural 0: whole steps around what was seen.
    var step = high - low > 15 ? 10 : 5;
    var light = chart.unit === "dbm" ? { min: Math.floor((low - 1) / step) * step, max: Math.ceil((high + 1) / step) * step } : null;
    var axis = { color: colour("--tblr-secondary-color"), fontSize: 12 };
    return {
      animation: false,
      textStyle: { fontFamily: "inherit" },
      grid: { left: state ? 12 : 76, right: 16, top: chart.series.length > 1 ? 34 : 14, bottom: 26 },
      legend: chart.series.length > 1 ? { top: 0, left: 70, icon: "roundRect", itemHeight: 3, textStyle: { color: axis.color } } : undefined,
      tooltip: state ? undefined : {
        trigger: "axis", renderMode: "richText", confine: true, valueFormatter: function (value) { return value === null || value === undefined ? "–" : written(value, chart.unit); },
        backgroundColor: colour("--q-frame"), borderColor: colour("--q-edge"), textStyle: { color: colour("--tblr-body-color"), fontSize: 12 }
      },
      xAxis: {
        type: "time", min: from, max: chart.to, splitNumber: 5, axisLine: { lineStyle: { color: colour("--q-edge") } },
        axisLabel: { color: axis.color, fontSize: 12, hideOverlap: true, formatter: function (value) { return clock(value, chart.zone, wide ? "day" : "time"); } },
        axisPointer: { label: { formatter: function (point) { return clock(point.value, chart.zone, "both"); } } }
      },
      yAxis: state ? { type: "value", min: 0, max: 1, show: false } : {
        type: "value", splitNumber: 3, scale: light !== null, min: light ? light.min : 0, max: light ? light.max : floor ? floor[0] : undefined,
        interval: light ? step : floor ? floor[1] : undefined,
        axisLabel: { color: axis.color, fontSize: 12, formatter: function (value) { return written(value, chart.unit); } },
        splitLine: { lineStyle: { color: colour("--q-edge") } }
      },
      series: state ? stateSeries(chart) : lineSeries(chart)
    };
  }

  function show(box, chart) {
    var canvas = box.querySelector("[data-canvas]");
    var words = box.querySelector("[data-words]");
    words.textContent = "";
    chart.words.forEach(function (sentence) {
      var line = document.createElement("div");
      line.textContent = sentence;
      words.appendChild(line);
    });
    canvas.hidden = chart.series.length === 0;
    if (canvas.hidden) return;
    canvas.setAttribute("aria-label", box.querySelector("figcaption").textContent + ". " + chart.words.join(" "));
    if (!drawn[chart.name]) drawn[chart.name] = echarts.init(canvas, null, { renderer: "canvas" });
    drawn[chart.name].setOption(option(chart), true);
  }

  function problem(text) {
    var place = frame.querySelector("[data-problem]");
    if (place.textContent !== text) place.textContent = text;
    place.hidden = !text;
    if (text) frame.querySelectorAll("[data-canvas]").forEach(function (canvas) {
      if (!canvas.firstChild) canvas.hidden = true;
    });
  }

  function load() {
    fetch(frame.dataset.charts, { headers: { "X-Background": "1" } }).then(function (answer) {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    }).then(function (data) {
      problem(data.problem || "");
      data.charts.forEach(function (chart) {
        var box = frame.querySelector("[data-chart='" + chart.name + "']");
        if (box) show(box, chart);
      });
    }).catch(function () { problem(frame.dataset.failed); });
  }

  load();
  window.setInterval(function () { if (!document.hidden) load(); }, 30000);
  window.addEventListener("resize", function () {
    Object.keys(drawn).forEach(function (name) { drawn[name].resize(); });
  });
})();
