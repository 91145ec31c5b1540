package httpx

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"

	"portail/internal/fault"
)

// ErrTexteLong is more text than the reader of a form keeps.
var ErrTexteLong = errors.New("more text than is kept")

// ReadTextes reads the fields of a posted form without its files, which go by unkept: what somebody typed, of any form that a browser
// sends. More than most bytes of text are ErrTexteLong. joint says that a file was there.
func ReadTextes(r *http.Request, most int) (f Form, joint bool, err error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "multipart/form-data" {
		f, err := ReadForm(r)
		if err == nil && len(f.Valeurs.Encode()) > most {
			err = ErrTexteLong
		}
		return f, false, err
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return Form{}, false, BodyError(err)
	}
	f = NewForm(url.Values{})
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return f, joint, nil
		}
		if err != nil {
			return f, joint, BodyError(err)
		}
		if file, chosen := isFile(part); file {
			joint = joint || chosen
			continue
		}
		text, err := io.ReadAll(io.LimitReader(part, int64(most)+1))
		if err != nil {
			return f, joint, BodyError(err)
		}
		if most -= len(text) + len(part.FormName()); most < 0 {
			return f, joint, ErrTexteLong
		}
		if !CleanText(string(text)) || !CleanText(part.FormName()) {
			return f, joint, fmt.Errorf("field %q: %w", part.FormName(), fault.Malformed)
		}
		f.Valeurs.Add(part.FormName(), string(text))
	}
}

// isFile tells a file from a text: browsers name it, with an empty name when none was chosen.
func isFile(part *multipart.Part) (file, chosen bool) {
	_, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	name, file := params["filename"]
	return file || err != nil, name != ""
}
