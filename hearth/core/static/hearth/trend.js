// Trends: lines and bars over periods, with what moved the market as lines across. Drawn again when light and dark change.
// {labels, units: [left, right], series: [{name, values, bars, second, strong}], marks: [{at, label, day}]}
(() => {
  const colours = ["#b4532a", "#3a7ca5", "#6c7a91", "#7a9e49", "#8a5fa8", "#c79a2b", "#4d908e", "#a65a7a"];

  const draw = (place) => {
    const figures = JSON.parse(document.getElementById(place.dataset.trend).textContent);
    const text = getComputedStyle(document.body).color;
    const line = "rgba(128, 128, 128, .3)";
    const axis = (unit, right) => ({
      type: "value",
      position: right ? "right" : "left",
      scale: !right && unit === "¥",
      axisLabel: { color: text, formatter: (value) => (unit === "¥" ? value.toLocaleString() : `${value}${unit && ` ${unit}`}`) },
      splitLine: { show: !right, lineStyle: { color: line } },
    });
    const marks = figures.marks.map(({ at, label, day }) => ({ xAxis: at, name: `${day} ${label}` }));
    echarts.getInstanceByDom(place)?.dispose();
    const chart = echarts.init(place, document.documentElement.dataset.bsTheme === "dark" ? "dark" : null);
    chart.setOption({
      backgroundColor: "transparent",
      animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      color: colours,
      legend: { show: figures.series.length > 1, type: "scroll", top: 0, left: "center", textStyle: { color: text } },
      grid: { top: figures.series.length > 1 ? 40 : 12, right: 12, bottom: 8, left: 8, containLabel: true },
      tooltip: { trigger: "axis", confine: true },
      xAxis: { type: "category", data: figures.labels, axisLabel: { color: text, hideOverlap: true }, axisLine: { lineStyle: { color: line } } },
      yAxis: figures.units.map((unit, number) => axis(unit, number === 1)),
      series: figures.series.map(({ name, values, bars, second, strong }, number) => ({
        name,
        type: bars ? "bar" : "line",
        yAxisIndex: second ? 1 : 0,
        data: values,
        connectNulls: true,
        barMaxWidth: 18,
        z: bars ? 1 : 3,
        itemStyle: bars ? { opacity: 0.35 } : {},
        lineStyle: { width: strong ? 3.5 : 2 },
        markLine: number || !marks.length ? undefined : {
          symbol: "none",
          silent: false,
          lineStyle: { color: text, opacity: 0.5, type: "dashed" },
          label: { show: false },
          tooltip: { trigger: "item", formatter: ({ name: words }) => words },
          emphasis: { label: { show: true, formatter: ({ name: words }) => words, color: text } },
          data: marks,
        },
      })),
    });
  };

  const drawAll = () => document.querySelectorAll("[data-trend]").forEach(draw);
  drawAll();
  document.addEventListener("hearth:theme", drawAll);
  addEventListener("resize", () => document.querySelectorAll("[data-trend]").forEach((place) => echarts.getInstanceByDom(place)?.resize()));
})();
