// Bars: the share of customers and of money in each value tier, drawn again when light and dark change.
(() => {
  const place = document.getElementById("value-chart");
  const figures = JSON.parse(document.getElementById("value-chart-figures").textContent);
  let chart;

  const draw = () => {
    const text = getComputedStyle(document.body).color;
    const line = "rgba(128, 128, 128, .3)";
    const rotate = place.clientWidth < 480 ? 40 : 0;
    if (chart) chart.dispose();
    chart = echarts.init(place, document.documentElement.dataset.bsTheme === "dark" ? "dark" : null);
    chart.setOption({
      backgroundColor: "transparent",
      animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      color: ["#6c7a91", "#b4532a"],
      legend: { top: 0, left: "center", textStyle: { color: text } },
      grid: { top: 36, right: 12, bottom: 8, left: 8, containLabel: true },
      tooltip: { trigger: "axis", valueFormatter: (value) => `${value} %` },
      xAxis: { type: "category", data: figures.tiers, axisLabel: { color: text, interval: 0, rotate }, axisLine: { lineStyle: { color: line } } },
      yAxis: { type: "value", axisLabel: { color: text, formatter: "{value} %" }, splitLine: { lineStyle: { color: line } } },
      series: figures.series.map(({ name, values }) => ({ name, type: "bar", data: values, barMaxWidth: 36 })),
    });
  };

  draw();
  document.addEventListener("hearth:theme", draw);
  addEventListener("resize", () => chart.resize());
})();
