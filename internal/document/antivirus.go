package document

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// Limits of a talk with the scanner.
const (
	delaiAntivirus = 10 * time.Second
	morceau        = 64 << 10
	maxVerdict     = 4 << 10
)

// analyser asks a ClamAV daemon about a file (its INSTREAM command) and says whether it found something. It fails closed: no answer, or
// one that is not understood, is an error, and the file is not kept.
func analyser(ctx context.Context, address string, contenu []byte) (found bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, delaiAntivirus)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return false, fmt.Errorf("reach the scanner: %w", err)
	}
	defer func() { _ = conn.Close() }() // the verdict was read, or will not be
	end, _ := ctx.Deadline()
	if err := conn.SetDeadline(end); err != nil {
		return false, fmt.Errorf("reach the scanner: %w", err)
	}
	var out bytes.Buffer
	out.WriteString("zINSTREAM\x00")
	for rest := contenu; len(rest) > 0; {
		n := min(len(rest), morceau)
		out.Write(binary.BigEndian.AppendUint32(nil, uint32(n)))
		out.Write(rest[:n])
		rest = rest[n:]
	}
	out.Write(make([]byte, 4)) // an empty chunk is the end
	if _, err := out.WriteTo(conn); err != nil {
		return false, fmt.Errorf("send to the scanner: %w", err)
	}
	answer, err := io.ReadAll(io.LimitReader(conn, maxVerdict))
	if err != nil {
		return false, fmt.Errorf("read the scanner: %w", err)
	}
	switch verdict := strings.TrimRight(string(answer), "\x00\n"); {
	case strings.HasSuffix(verdict, " OK"):
		return false, nil
	case strings.HasSuffix(verdict, " FOUND"):
		return true, nil
	default:
		return false, fmt.Errorf("the scanner said %q", verdict)
	}
}
