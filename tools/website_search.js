
// The generator's search is fuzzy. First comes what holds every word, names before text; then what is merely like it.
(() => {
  const Fuzzy = window.Fuse
  const holds = (text, word) => {
    const all = text.toLowerCase(), i = all.indexOf(word)
    return i < 0 ? 0 : all === word ? 4 : i === 0 || /\W/.test(all[i - 1]) ? 2 : 1
  }
  const rank = (words, e) => {
    const each = words.map(w => 8*holds(e.section || e.title, w) + 4*holds(e.title, w) + 2*holds(e.href, w) + holds(e.text, w))
    return each.every(Boolean) ? each.reduce((a, b) => a + b, 0) : 0
  }
  window.Fuse = class {
    constructor(list, options) { this.list = list; this.fuzzy = new Fuzzy(list, options) }
    search(query, {limit}) {
      const words = query.toLowerCase().split(/\s+/).filter(Boolean)
      const exact = this.list.map(item => ({item, rank: rank(words, item)})).filter(h => h.rank).sort((a, b) => b.rank - a.rank)
      const seen = new Set(exact.map(h => h.item))
      const like = exact.length > 4 ? [] : this.fuzzy.search(query, {limit}).filter(h => !seen.has(h.item))
      return [...exact, ...like].slice(0, limit)
    }
  }
})()
