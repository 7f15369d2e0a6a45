/**
 * Of the overlay's own shadow root. Everything of the host is `!important`: inside a shadow root that is what a page's own rules, however strong, cannot override.
 */
export const overlayCss = `
:host{all:initial!important;position:fixed!important;inset:0!important;display:block!important;z-index:2147483647!important;isolation:isolate!important;pointer-events:none!important;contain:layout style!important;
--bg:light-dark(#f4f6f8,#1b2027);--bg3:light-dark(#e7ebf0,#252c35);--line:light-dark(#ccd3db,#333c47);--fg:light-dark(#1a2029,#e4e9ef);--accent:light-dark(#0a5cad,#6cb6ff);
font:12px/1.4 system-ui,sans-serif!important;color:var(--fg)!important}
:host{color-scheme:light dark!important}:host([data-theme=light]){color-scheme:light!important}:host([data-theme=dark]){color-scheme:dark!important}
@media print{:host{display:none!important}}
*{box-sizing:border-box}[hidden]{display:none!important}
button{font:inherit;color:inherit;background:var(--bg3);border:1px solid var(--line);border-radius:4px;padding:1px 7px;cursor:pointer}
button:hover{border-color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:1px}
.open{position:absolute;pointer-events:auto;display:flex;align-items:center;justify-content:center;width:36px;height:36px;padding:0;border-radius:50%;background:var(--bg);touch-action:none;box-shadow:0 2px 8px #0006}
.open svg{width:20px;height:20px;fill:none;stroke:var(--accent);stroke-width:2;stroke-linecap:round}
.open[data-corner^=bottom]{bottom:12px}.open[data-corner^=top]{top:12px}.open[data-corner$=right]{right:12px}.open[data-corner$=left]{left:12px}
.dock{position:absolute;pointer-events:auto;display:flex;flex-direction:column;background:var(--bg);box-shadow:0 0 12px #0006;outline-offset:-2px}
.dock[data-edge=bottom]{left:0;right:0;bottom:0;max-height:100%;border-top:1px solid var(--line)}
.dock[data-edge=right]{top:0;right:0;bottom:0;max-width:100%;border-left:1px solid var(--line)}
.grip{position:absolute;touch-action:none;z-index:1}
.dock[data-edge=bottom] .grip{left:0;right:0;top:-3px;height:7px;cursor:row-resize}
.dock[data-edge=right] .grip{top:0;bottom:0;left:-3px;width:7px;cursor:col-resize}
.grip:hover,.grip:focus-visible{background:var(--accent);outline:none}
.head{display:flex;gap:6px;align-items:center;padding:3px 8px}
.head b{flex:1}
.body{flex:1;min-height:0;position:relative;overflow:hidden;display:flex;flex-direction:column}
.body>rivulet-devtools{flex:1;min-height:0}
.note{padding:16px}
`
