/** Of the view; colours are the theme's. */
export const timeCss = `
.rv-time-view{height:100%;min-height:0;display:flex;flex-direction:column;flex:1}
.rv-time-view [hidden]{display:none!important}
.rv-strip{padding:4px 0 0;border:solid var(--bg2);border-width:0 8px;background:var(--bg2);overflow:hidden;position:relative;flex:none}.rv-line{position:absolute;left:-1px;top:4px;bottom:0;width:2px;pointer-events:none}.rv-strip canvas{display:block;touch-action:none;cursor:crosshair}
.rv-scrub{padding:0 8px 4px;background:var(--bg2);border-bottom:1px solid var(--line)}.rv-scrub input{width:100%;margin:0;padding:0;accent-color:var(--accent);background:none;border:0}
.bar.rv-past{background:color-mix(in srgb,var(--warn) 22%,var(--bg));border-color:var(--warn);font-weight:600}
.rv-fault{padding:4px 8px;border-bottom:1px solid var(--line)}
.rv-moments{flex:0 0 300px;display:flex;flex-direction:column;border-right:1px solid var(--line)}
.rv-moments .rv-row>*{flex:none}.rv-moments .what{flex:1;min-width:0;overflow:hidden;text-overflow:ellipsis}
.rv-changed{display:flex;gap:8px;padding:3px 8px;border-bottom:1px solid var(--line);overflow:hidden;white-space:nowrap;min-height:25px}
.rv-changed button{background:none;border:0;padding:0;color:var(--accent);text-decoration:underline;overflow:hidden;text-overflow:ellipsis;flex:0 1 auto}
.rv-diff .path{flex:1 1 40%;min-width:0;overflow:hidden;text-overflow:ellipsis}.rv-diff .old,.rv-diff .new{flex:1 1 30%;min-width:0;overflow:hidden;text-overflow:ellipsis}
.rv-diff .old{color:var(--bad)}.rv-diff .new{color:var(--good)}
.rv-paste{padding:8px;display:flex;flex-direction:column;gap:6px;border-bottom:1px solid var(--line)}.rv-paste textarea{width:100%;height:90px;resize:vertical;font-family:var(--mono)}
@media(max-width:640px){.rv-moments{flex-basis:42%}}
`
