// Views and tables take the colours of the page, also when the reader switches between light and dark.
(function () {
  const root = document.documentElement;
  const NARROW = 600; // pixels: the legend of a view goes below it
  const FEW = 12; // curves, up to which a legend fits there

  function colour(name, otherwise) {
    return getComputedStyle(root).getPropertyValue(name).trim() || otherwise;
  }

  function repaint() {
    root.classList.toggle("dark", root.dataset.theme === "dark"); // for the tables
    if (!window.Plotly) return;
    const text = colour("--pst-color-text-base", "#222");
    const line = colour("--pst-color-border", "#ccc");
    const surface = colour("--pst-color-surface", "#fff");
    document.querySelectorAll(".plotly-graph-div").forEach((view) => {
      const change = {
        "font.color": text,
        "xaxis.gridcolor": line, "yaxis.gridcolor": line, "xaxis.zerolinecolor": line, "yaxis.zerolinecolor": line,
        "updatemenus[0].bgcolor": surface, "updatemenus[0].font.color": text, "updatemenus[0].bordercolor": line,
      };
      if (view.clientWidth < NARROW) {
        const shown = view.data.filter((trace) => trace.visible !== false).length;
        Object.assign(change, { "legend.orientation": "h", "legend.y": -0.2, "legend.x": 0, showlegend: shown <= FEW });
      }
      window.Plotly.relayout(view, change);
    });
  }

  window.addEventListener("load", repaint);
  new MutationObserver(repaint).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
})();
