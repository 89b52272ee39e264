package smtpmail_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/vacancyhq/vacancy/notify"
	"github.com/vacancyhq/vacancy/notify/notifytest"
	"github.com/vacancyhq/vacancy/notify/smtpmail"
)

// sink is a real SMTP server that keeps what it takes.
type sink struct {
	mu       sync.Mutex
	mails    [][]byte
	password string // "": it takes mail without a log-in
	// refuse answers a step ("from", "to", "data") with an error, or nil.
	refuse func(step string) error
}

func (s *sink) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{sink: s}, nil }

func (s *sink) arrived() [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

func (s *sink) say(step string) error {
	if s.refuse == nil {
		return nil
	}
	return s.refuse(step)
}

type session struct {
	sink  *sink
	known bool
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "vacancy" || password != s.sink.password {
			return errors.New("wrong password for " + user)
		}
		s.known = true
		return nil
	}), nil
}

func (s *session) Mail(string, *smtp.MailOptions) error {
	if s.sink.password != "" && !s.known {
		return smtp.ErrAuthRequired
	}
	return s.sink.say("from")
}
func (s *session) Rcpt(string, *smtp.RcptOptions) error { return s.sink.say("to") }
func (s *session) Reset()                               {}
func (s *session) Logout() error                        { return nil }

func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.sink.say("data"); err != nil {
		return err
	}
	s.sink.mu.Lock()
	defer s.sink.mu.Unlock()
	s.sink.mails = append(s.sink.mails, bytes.Clone(data))
	return nil
}

// certificate is one for 127.0.0.1 that signs itself.
func certificate(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	must(t, err)
	parsed, err := x509.ParseCertificate(der)
	must(t, err)
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12},
		&tls.Config{RootCAs: roots, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}
}

// start serves the sink; with implicit TLS, or STARTTLS where there is a config.
func start(t *testing.T, s *sink, config *tls.Config, implicit bool) smtpmail.Options {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	server := smtp.NewServer(s)
	server.Domain, server.TLSConfig, server.ErrorLog = "sink.example", config, silent{}
	port := listener.Addr().(*net.TCPAddr).Port
	if implicit {
		listener = tls.NewListener(listener, config)
	}
	go func() { _ = server.Serve(listener) }() // it ends with Close
	t.Cleanup(func() { _ = server.Close() })
	return smtpmail.Options{Host: "127.0.0.1", Port: port, Implicit: implicit}
}

type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, o smtpmail.Options) *smtpmail.Server {
	t.Helper()
	s, err := smtpmail.New(o)
	must(t, err)
	return s
}

func TestServer(t *testing.T) {
	notifytest.Run(t, func(t *testing.T) notifytest.Rig {
		s := &sink{}
		return notifytest.Rig{Sender: open(t, start(t, s, nil, false)), Arrived: s.arrived}
	})
}

// A log-in goes over TLS only, by STARTTLS or from the first byte.
func TestLogIn(t *testing.T) {
	onServer, onClient := certificate(t)
	for name, implicit := range map[string]bool{"starttls": false, "implicit": true} {
		t.Run(name, func(t *testing.T) {
			s := &sink{password: "open sesame"}
			o := start(t, s, onServer, implicit)
			o.User, o.Password, o.TLS = "vacancy", "open sesame", onClient
			must(t, open(t, o).Send(t.Context(), notifytest.Sample()))
			o.Password = "SECRET"
			err := open(t, o).Send(t.Context(), notifytest.Sample())
			if err == nil || errors.Is(err, notify.ErrRefused) || strings.Contains(err.Error(), "SECRET") || strings.Contains(err.Error(), "vacancy") {
				t.Errorf("a wrong password: %v", err)
			}
			o.TLS = nil // a certificate that nobody vouches for
			if err := open(t, o).Send(t.Context(), notifytest.Sample()); err == nil {
				t.Error("a stranger's certificate was taken")
			}
			if n := len(s.arrived()); n != 1 {
				t.Errorf("%d mails", n)
			}
		})
	}
	s := &sink{password: "open sesame"}
	o := start(t, s, nil, false) // no TLS at all
	o.User, o.Password = "vacancy", "open sesame"
	if err := open(t, o).Send(t.Context(), notifytest.Sample()); err == nil || len(s.arrived()) != 0 {
		t.Errorf("the password went over a bare wire: %v", err)
	}
}

// 4xx may pass and is tried again; 5xx of the receiver or the mail is for good;
// none of it tells the address.
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		step string
		code int
		good bool
	}{
		{"from", 451, false},
		{"to", 450, false},
		{"data", 452, false},
		{"from", 550, false},
		{"to", 550, true},
		{"data", 554, true},
	} {
		s := &sink{refuse: func(step string) error {
			if step != c.step {
				return nil
			}
			return &smtp.SMTPError{Code: c.code, Message: "<guest@example.com> SECRET"}
		}}
		sender := open(t, start(t, s, nil, false))
		err := sender.Send(t.Context(), notifytest.Sample())
		if err == nil || errors.Is(err, notify.ErrRefused) != c.good || strings.Contains(err.Error(), "guest@") || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s %d: %v", c.step, c.code, err)
		}
		s.refuse = nil
		if !c.good {
			must(t, sender.Send(t.Context(), notifytest.Sample()))
		}
	}
	nobody := open(t, smtpmail.Options{Host: "127.0.0.1", Port: 1})
	if err := nobody.Send(t.Context(), notifytest.Sample()); err == nil || errors.Is(err, notify.ErrRefused) {
		t.Errorf("nobody listens: %v", err)
	}
}

func TestParse(t *testing.T) {
	for address, want := range map[string]smtpmail.Options{
		"smtp://mail.example.com":                 {Host: "mail.example.com"},
		"smtps://u%40x:p%3Aw@mail.example.com:99": {Host: "mail.example.com", Port: 99, User: "u@x", Password: "p:w", Implicit: true},
		"smtp://u@[::1]:25":                       {Host: "::1", Port: 25, User: "u"},
	} {
		if got, err := smtpmail.Parse(address); err != nil || got != want {
			t.Errorf("%s is %+v, %v", address, got, err)
		}
	}
	for _, address := range []string{"", "smtp://", "http://u:SECRET@x", "smtp://u:SECRET@x:port", "smtp://u:SECRET@x/path", "smtp://u:SECRET@x\x7f"} {
		if _, err := smtpmail.Parse(address); !errors.Is(err, smtpmail.ErrAddress) || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%q: %v", address, err)
		}
	}
}
