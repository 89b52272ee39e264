// Package smtpmail hands mail to an SMTP server, the operator's own or a
// provider's.
package smtpmail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/vacancyhq/vacancy/notify"
)

// ErrAddress is a server that cannot be understood; the text is not quoted, since
// it may hold a password.
var ErrAddress = errors.New("smtpmail: a mail server is smtp://[user[:password]@]host[:port] or smtps://...")

// Options say which server.
type Options struct {
	Host     string
	Port     int // 0: 587, or with Implicit 465
	User     string
	Password string
	Implicit bool        // TLS from the first byte (smtps); otherwise STARTTLS
	TLS      *tls.Config // nil: the machine's roots
}

// Parse reads a server's address. With a user TLS is demanded; without one it is
// used where the server offers it.
func Parse(address string) (Options, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return Options{}, ErrAddress
	}
	o := Options{Host: u.Hostname(), User: u.User.Username(), Implicit: u.Scheme == "smtps"}
	o.Password, _ = u.User.Password()
	if u.Scheme != "smtp" && u.Scheme != "smtps" {
		return Options{}, ErrAddress
	}
	if text := u.Port(); text != "" {
		if o.Port, err = strconv.Atoi(text); err != nil {
			return Options{}, ErrAddress
		}
	}
	return o, nil
}

const timeout = 20 * time.Second // for all of a conversation's steps, each

// Server is a notify.Sender. It dials for each mail, so that it holds nothing
// that could go stale.
type Server struct{ client *mail.Client }

var _ notify.Sender = (*Server)(nil)

// New checks the options; it does not dial.
func New(o Options) (*Server, error) {
	if o.Port == 0 {
		o.Port = 587
		if o.Implicit {
			o.Port = 465
		}
	}
	policy := mail.TLSOpportunistic
	if o.User != "" {
		policy = mail.TLSMandatory
	}
	options := []mail.Option{
		mail.WithPort(o.Port), mail.WithTimeout(timeout), mail.WithTLSPolicy(policy), mail.WithoutNoop(),
	}
	if o.Implicit {
		options = append(options, mail.WithSSL())
	}
	if o.TLS != nil {
		options = append(options, mail.WithTLSConfig(o.TLS))
	}
	if o.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(o.User), mail.WithPassword(o.Password))
	}
	client, err := mail.NewClient(o.Host, options...)
	if err != nil {
		return nil, fmt.Errorf("smtpmail: %w", err)
	}
	return &Server{client: client}, nil
}

// Send returns once the server has answered for the mail.
func (s *Server) Send(ctx context.Context, m notify.Message) error {
	message, err := m.EML()
	if err != nil {
		return err
	}
	conn, err := s.client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return unreachable(err)
	}
	defer func() { _ = s.client.CloseWithSMTPClient(conn) }() // what was accepted is accepted
	return verdict(s.client.SendWithSMTPClient(conn, message))
}

// unreachable says why there is no conversation, without what the server said: a
// refused log-in may quote the user.
func unreachable(err error) error {
	var network net.Error
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("smtpmail: dial: %w", err)
	case errors.As(err, &network):
		return fmt.Errorf("smtpmail: dial: %w", network)
	}
	return errors.New("smtpmail: the server does not take our greeting, TLS or log-in")
}

// verdict reads a refusal. Only what the server says of this receiver or this
// mail is for good: that it does not want us as a sender is ours to mend. Its
// words stay out, since they quote addresses.
func verdict(err error) error {
	var refusal *mail.SendError
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &refusal):
		return errors.New("smtpmail: the conversation broke")
	case refusal.Reason == mail.ErrSMTPReset:
		return nil // after the mail was accepted
	}
	step := map[mail.SendErrReason]string{
		mail.ErrSMTPMailFrom: "sender", mail.ErrSMTPRcptTo: "receiver", mail.ErrSMTPData: "data", mail.ErrSMTPDataClose: "content",
	}[refusal.Reason]
	said := fmt.Errorf("smtpmail: the server said %d to the %s", refusal.ErrorCode(), step)
	ofMail := refusal.Reason == mail.ErrSMTPRcptTo || refusal.Reason == mail.ErrSMTPData || refusal.Reason == mail.ErrSMTPDataClose
	if ofMail && refusal.ErrorCode() >= 500 {
		return fmt.Errorf("%w: %w", notify.ErrRefused, said)
	}
	return said
}
