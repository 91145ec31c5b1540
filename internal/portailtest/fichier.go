package portailtest

import (
	"bytes"
	"mime/multipart"
	"net/url"
)

// PostFile sends a form with a file.
func (v *Visitor) PostFile(path, field, name string, content []byte, form url.Values) *Page {
	v.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for key, values := range form {
		for _, value := range values {
			if err := w.WriteField(key, value); err != nil {
				v.t.Fatal(err)
			}
		}
	}
	part, err := w.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		v.t.Fatal(err)
	}
	return v.PostBody(path, w.FormDataContentType(), &body)
}
