// The interactive map: contours on a basemap, or on nothing when no basemap is set or reached.
import L from 'leaflet';

/**
 * Draws contours in an element.
 * @param {HTMLElement} host
 * @param {object} contours GeoJSON; properties "nom" and "lien" name a contour and lead to its page
 * @param {{fond: string, source: string}} options basemap URL template and its attribution, both may be empty
 */
export function show(host, contours, options) {
  const map = L.map(host, { zoomControl: false, scrollWheelZoom: false, attributionControl: options.fond !== '' });
  L.control.zoom({ zoomInTitle: 'Zoomer', zoomOutTitle: 'Dézoomer' }).addTo(map);
  if (options.fond) {
    map.attributionControl.setPrefix(false);
    const source = document.createElement('span');
    source.textContent = options.source;
    L.tileLayer(options.fond, { attribution: source.innerHTML, maxZoom: 19 }).addTo(map);
  }
  const layer = L.geoJSON(contours, {
    style: () => ({ className: 'contour' }),
    onEachFeature: (feature, shape) => shape.bindPopup(() => card(feature.properties || {})),
  }).addTo(map);
  const bounds = layer.getBounds();
  if (bounds.isValid()) map.fitBounds(bounds, { padding: [16, 16] });
  else map.setView([46.6, 2.4], 5); // mainland France
}

/** What a click on a contour shows; built from nodes, so that a name is never read as markup. */
function card(properties) {
  const box = document.createElement('p');
  const name = document.createElement(properties.lien ? 'a' : 'strong');
  name.textContent = properties.nom || properties.nom_qp || properties.code_qp || '';
  if (properties.lien && new URL(properties.lien, location.href).origin === location.origin) name.href = properties.lien;
  box.append(name);
  return box;
}
