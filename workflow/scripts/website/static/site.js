// The views take the colours of the page, also when the reader switches between light and dark.
(function () {
  function colours() {
    const style = getComputedStyle(document.documentElement);
    const text = style.getPropertyValue("--pst-color-text-base").trim() || "#222";
    const line = style.getPropertyValue("--pst-color-border").trim() || "#ccc";
    const surface = style.getPropertyValue("--pst-color-surface").trim() || "#fff";
    return { text, line, surface };
  }
  function repaint() {
    if (!window.Plotly) return;
    const { text, line, surface } = colours();
    document.querySelectorAll(".plotly-graph-div").forEach((view) => {
      const narrow = view.clientWidth < 600;
      const change = {
        "font.color": text,
        "xaxis.gridcolor": line, "yaxis.gridcolor": line, "xaxis.zerolinecolor": line, "yaxis.zerolinecolor": line,
        "updatemenus[0].bgcolor": surface, "updatemenus[0].font.color": text, "updatemenus[0].bordercolor": line,
        "legend.orientation": narrow ? "h" : "v",
      };
      if (narrow) Object.assign(change, { "legend.y": -0.2, "legend.x": 0 });
      window.Plotly.relayout(view, change);
    });
  }
  window.addEventListener("load", repaint);
  new MutationObserver(repaint).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
})();
