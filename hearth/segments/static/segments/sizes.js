// The size of a segment at its last counts.
(() => {
  const element = document.querySelector("[data-segment-sizes]");
  if (!element) return;
  const sizes = JSON.parse(document.getElementById("segment-sizes").textContent);
  let chart = null;

  const draw = () => {
    chart?.dispose();
    const isDark = document.documentElement.dataset.bsTheme === "dark";
    const ink = isDark ? "#c8d3e1" : "#49566c";
    chart = echarts.init(element);
    chart.setOption({
      animation: false,
      grid: { left: 8, right: 16, top: 12, bottom: 8, containLabel: true },
      tooltip: { trigger: "axis" },
      xAxis: { type: "category", data: sizes.map((row) => row[0]), axisLabel: { color: ink, hideOverlap: true, formatter: (text) => text.slice(5, 10) } },
      yAxis: { type: "value", minInterval: 1, axisLabel: { color: ink }, splitLine: { lineStyle: { opacity: 0.3 } } },
      series: [{ type: "line", data: sizes.map((row) => row[1]), symbolSize: 6, areaStyle: { opacity: 0.1 }, itemStyle: { color: "#206bc4" } }],
    });
  };

  draw();
  document.addEventListener("hearth:theme", draw);
  window.addEventListener("resize", () => chart?.resize());
})();
