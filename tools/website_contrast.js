// Texts whose colour is too close to what is behind them (WCAG 2.1, 1.4.3: 4.5 to 1, large ones 3 to 1).
() => {
  const rgba = c => {
    const v = c.match(/[\d.]+/g).map(Number), unit = c.startsWith('color(') ? 255 : 1
    return [v[0]*unit, v[1]*unit, v[2]*unit, v.length > 3 ? v[3] : 1]
  }
  const over = (front, back) => [0, 1, 2].map(i => front[i]*front[3] + back[i]*(1 - front[3]))
  const linear = v => v <= .03928 ? v/12.92 : ((v + .055)/1.055)**2.4
  const luminance = c => [.2126, .7152, .0722].reduce((sum, k, i) => sum + k*linear(c[i]/255), 0)
  const behind = element => {
    const layers = []
    for (let e = element; e && (!layers.length || layers.at(-1)[3] < 1); e = e.parentElement) {
      const c = rgba(getComputedStyle(e).backgroundColor)
      if (c[3]) layers.push(c)
    }
    return layers.reverse().reduce((back, c) => over(c, back), [255, 255, 255])
  }
  const bad = new Map(), texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const text = texts.currentNode.data.trim(), e = texts.currentNode.parentElement, style = getComputedStyle(e)
    const seen = e.checkVisibility({opacityProperty: true, visibilityProperty: true})
    if (!text || !seen || e.closest('script, style, .katex-mathml, .dropdown-menu')) continue
    const back = behind(e), [high, low] = [luminance(over(rgba(style.color), back)), luminance(back)].sort((a, b) => b - a)
    const size = parseFloat(style.fontSize), large = size >= 24 || size >= 18.66 && style.fontWeight >= 700
    const ratio = (high + .05)/(low + .05)
    if (ratio < (large ? 3 : 4.5)) bad.set(`${e.tagName.toLowerCase()}.${e.className}`, `${ratio.toFixed(1)} "${text.slice(0, 30)}"`)
  }
  return [...bad].map(found => found.join(' '))
}
