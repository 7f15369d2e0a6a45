/**
 * Colours, sizes and the few shapes that every view uses. `:host` has the dark set; `[data-theme=light]` the light one; without either the system decides. Contrast of text is at least 4.5 to 1 in both.
 */
export const themeCss = `
:host{--bg:#14181d;--bg2:#1b2027;--bg3:#252c35;--line:#333c47;--fg:#e4e9ef;--dim:#9aa6b4;--accent:#6cb6ff;--good:#63d391;--warn:#f0b85a;--bad:#ff8a80;--in:#6cb6ff;--out:#d2a8ff;--sel:#22405f;
--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;--sans:system-ui,-apple-system,"Segoe UI",sans-serif;--row:22px;
all:initial;display:block;color:var(--fg);background:var(--bg);font:12px/1.4 var(--sans);color-scheme:dark}
:host([data-theme=light]){--bg:#fff;--bg2:#f4f6f8;--bg3:#e7ebf0;--line:#ccd3db;--fg:#1a2029;--dim:#56616e;--accent:#0a5cad;--good:#166c3a;--warn:#8a5200;--bad:#b3261e;--in:#0a5cad;--out:#7534b8;--sel:#cfe4fb;color-scheme:light}
*{box-sizing:border-box}
button,input,select,textarea{font:inherit;color:inherit;background:var(--bg3);border:1px solid var(--line);border-radius:4px;padding:2px 7px}
button{cursor:pointer}button:hover{border-color:var(--accent)}button[aria-pressed=true]{background:var(--sel);border-color:var(--accent)}
button:disabled{opacity:.5;cursor:default}
:focus-visible{outline:2px solid var(--accent);outline-offset:-1px}
.bar{display:flex;gap:6px;align-items:center;padding:4px 8px;border-bottom:1px solid var(--line);background:var(--bg2);flex-wrap:wrap}
.bar .grow{flex:1}
.split{display:flex;flex:1;min-height:0}.split>*{min-width:0;min-height:0}
.col{display:flex;flex-direction:column;min-height:0;flex:1}
.dim{color:var(--dim)}.good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}
.mono{font-family:var(--mono)}
.num{text-align:right;font-variant-numeric:tabular-nums}
.empty{padding:24px;color:var(--dim);text-align:center}
.rv-list{overflow:auto;flex:1;min-height:0;position:relative;contain:strict}
.rv-space{position:relative;min-height:100%}.rv-window{position:absolute;left:0;right:0;top:0}
.rv-row{display:flex;gap:8px;align-items:center;padding:0 8px;white-space:nowrap;overflow:hidden;border-bottom:1px solid color-mix(in srgb,var(--line) 40%,transparent)}
.rv-row[hidden]{display:none}.rv-row:hover{background:var(--bg2)}.rv-row[aria-selected=true]{background:var(--sel)}
`
