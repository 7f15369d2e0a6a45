export const storesCss = `
.rv-stores{container-type:inline-size}
.rv-list[aria-label=Stores]{min-width:190px}
.rv-store-row .rv-dot{margin-left:2px}
.rv-store-row .rv-name{flex:1;max-width:none;color:inherit}
.rv-place{display:flex;flex:1;min-height:0;min-width:0}
.rv-place>.col{flex:1 1 60%;min-width:0}
.rv-details{flex:0 0 38%;max-width:460px;border-left:1px solid var(--line);overflow:auto;padding:8px;min-width:0}
@container (max-width:640px){.rv-place{flex-direction:column}.rv-details{flex:0 0 45%;max-width:none;border-left:0;border-top:1px solid var(--line)}}
.rv-ul{margin:0;padding:0;list-style:none}.rv-ul li{padding:1px 0;overflow-wrap:anywhere}
.rv-origin{padding-left:12px}
.rv-long{margin:6px 0 0;padding:6px;background:var(--bg2);border:1px solid var(--line);border-radius:4px;white-space:pre-wrap;overflow-wrap:anywhere;max-height:160px;overflow:auto}
.rv-editor{display:flex;flex-direction:column;gap:4px;margin:4px 0 8px;padding:8px;background:var(--bg2);border:1px solid var(--line);border-radius:6px}
.rv-editor textarea{resize:vertical;width:100%}
.rv-editor [aria-invalid=true]{border-color:var(--bad)}
.rv-buttons{display:flex;gap:6px;flex-wrap:wrap}
.rv-local{background:color-mix(in srgb,var(--warn) 14%,var(--bg2))}
`
