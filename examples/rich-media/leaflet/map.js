// A map of outlines, without tiles: places on the land of LAND, each a button that opens what is said of it.
function outlines(places) {
  const map = L.map('map', { zoomSnap: 0.25, minZoom: 0, maxZoom: 6, maxBounds: [[-75, -200], [85, 200]] })
  const all = places.map(each => [each.latitude, each.longitude])
  const fit = () => map.invalidateSize({ animate: false }).fitBounds(all, { padding: [30, 30], animate: false })
  fit()
  const frame = new ResizeObserver(fit) // the frame may get its size late; what the reader chose stays
  frame.observe(map.getContainer())
  for (const event of ['pointerdown', 'wheel', 'keydown']) {
    map.getContainer().addEventListener(event, () => frame.disconnect())
  }
  map.attributionControl.setPrefix('Leaflet').addAttribution('outlines: Natural Earth')
  L.geoJSON(LAND, { interactive: false, style: { color: '#7a8794', weight: 1, fillColor: '#dfe5ea', fillOpacity: 1 } }).addTo(map)
  for (const { name, place, said, latitude, longitude } of places) {
    const icon = L.divIcon({ className: 'place', iconSize: [24, 24] })
    const told = document.createElement('p')
    told.textContent = `${name}: ${place}, ${said}`
    const marker = L.marker([latitude, longitude], { icon, title: `${name}: ${place}` }).bindPopup(told).addTo(map)
    marker.getElement().setAttribute('aria-label', `${name}: ${place}`)
  }
}
